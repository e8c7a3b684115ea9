package dev.spate.web;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Writes server-sent events to one client, whose virtual thread waits if the client is slow. */
final class StreamWriter {

    private final OutputStream out;

    private StreamWriter(OutputStream out) {
        this.out = out;
    }

    /** Answers with the beginning of a stream. */
    static StreamWriter open(Context context) throws IOException {
        context.disableCompression();
        context.contentType("text/event-stream");
        // Proxies such as nginx would gather what is to be seen at once.
        context.header("X-Accel-Buffering", "no");
        // The servlet's own stream: Javalin's does not pass on that something is to be sent at
        // once.
        StreamWriter writer = new StreamWriter(context.res().getOutputStream());
        writer.write(List.of(Frame.RETRY));
        return writer;
    }

    /** Whether only the headers are wanted. */
    static boolean isHead(Context context) {
        return context.method().equals(HandlerType.HEAD);
    }

    /**
     * Writes and sends.
     *
     * @throws IOException if the client has gone, or has taken nothing for the idle time
     */
    void write(List<Frame> frames) throws IOException {
        for (Frame frame : frames) {
            out.write(frame.bytes());
        }
        out.flush();
    }
}
