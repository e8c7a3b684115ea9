package dev.spate.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;

/** Makes an empty directory one that a broker can keep its data in. */
final class BrokerFormat {

    private BrokerFormat() {}

    static void formatIfEmpty(Path data) throws Exception {
        Path marker = data.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME);
        if (Files.exists(marker)) {
            return;
        }
        requireEmpty(data);
        PrintStream silent =
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        new Formatter()
                .setPrintStream(silent)
                .setNodeId(BrokerSettings.NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .setControllerListenerName(BrokerSettings.CONTROLLER)
                .addDirectory(data.toString())
                .setMetadataLogDirectory(data.toString())
                .setHasDynamicQuorum(false)
                .run();
    }

    /** A mistyped path must not turn somebody's home into a broker's. */
    private static void requireEmpty(Path data) throws IOException {
        try (var entries = Files.list(data)) {
            if (entries.findAny().isPresent()) {
                throw new IOException(
                        "data: expected an empty directory or one that a broker left, found "
                                + data);
            }
        }
    }
}
