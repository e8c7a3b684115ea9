package dev.spate.cli;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.async.SystemScheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalPlaceTest {

    @TempDir private Path directory;

    private final SystemScheduler scheduler = new SystemScheduler();

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void isTakenThoughSomebodyLooksAtThisMomentWhetherItIs() throws Exception {
        FileChannel looking = FileChannel.open(directory.resolve("local.lock"), CREATE, WRITE);
        looking.lock();
        scheduler.schedule(Duration.ofMillis(100), () -> close(looking));

        LocalPlace.take(directory, scheduler).close();
    }

    @Test
    void isTakenOnce() throws Exception {
        try (LocalPlace _ = LocalPlace.take(directory, scheduler)) {
            assertThatThrownBy(() -> LocalPlace.take(directory, scheduler))
                    .hasMessageEndingWith(
                            "another spate local runs here; --data chooses another place");
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
