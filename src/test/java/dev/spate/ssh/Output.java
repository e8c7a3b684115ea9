package dev.spate.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.fleet.OutputSink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Collects what a run writes, and insists that there is neither gap nor duplicate. */
final class Output implements OutputSink {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Override
    public synchronized void accept(Stream stream, long offset, byte[] bytes, int length) {
        ByteArrayOutputStream to = stream == Stream.OUT ? out : err;
        assertThat(offset).isEqualTo(to.size());
        to.write(bytes, 0, length);
    }

    synchronized String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    synchronized String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
