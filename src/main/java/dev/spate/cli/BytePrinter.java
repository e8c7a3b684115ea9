package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;

/** Prints text as UTF-8, and bytes as they are. */
final class BytePrinter extends PrintWriter {

    private final OutputStream stream;

    BytePrinter(OutputStream out) {
        super(out, true, UTF_8);
        stream = out;
    }

    /** Prints bytes behind what was printed before. Like all printing, it does not fail. */
    void print(byte[] bytes) {
        flush();
        try {
            stream.write(bytes);
            stream.flush();
        } catch (IOException broken) {
            setError();
        }
    }
}
