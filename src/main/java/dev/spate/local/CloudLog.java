package dev.spate.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spate.async.Scheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What happened in the cloud, as JSON lines for a later checker: {@code {"time", "event", …}}. Each
 * line is flushed, so that it survives the cloud. Thread-safe.
 */
final class CloudLog implements AutoCloseable {
    private final ObjectMapper json = new ObjectMapper();
    private final Scheduler scheduler;
    private final Writer writer;
    private boolean isClosed;

    CloudLog(Scheduler scheduler, Path file) throws IOException {
        this.scheduler = scheduler;
        this.writer =
                Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Appends a line; after {@link #close()} does nothing. */
    synchronized void write(String event, Map<String, ?> details) {
        if (isClosed) {
            return;
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", scheduler.now().toString());
        line.put("event", event);
        line.putAll(details);
        try {
            writer.write(json.writeValueAsString(line));
            writer.write('\n');
            writer.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        isClosed = true;
        writer.close();
    }
}
