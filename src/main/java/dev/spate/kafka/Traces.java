package dev.spate.kafka;

import dev.spate.engine.RawMessage;
import dev.spate.job.Trace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Trace context in record headers. */
final class Traces {

    private static final String PARENT = "traceparent";
    private static final String STATE = "tracestate";

    private Traces() {}

    static Trace of(RawMessage message) {
        return new Trace(header(message, PARENT), header(message, STATE));
    }

    static List<RawMessage.Header> headers(Trace trace) {
        List<RawMessage.Header> headers = new ArrayList<>(2);
        trace.parent().ifPresent(parent -> headers.add(header(PARENT, parent)));
        trace.state().ifPresent(state -> headers.add(header(STATE, state)));
        return headers;
    }

    private static RawMessage.Header header(String name, String value) {
        return new RawMessage.Header(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> header(RawMessage message, String name) {
        return message.headers().stream()
                .filter(header -> header.name().equals(name))
                .map(RawMessage.Header::value)
                .flatMap(value -> Optional.ofNullable(value).stream())
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .reduce((_, last) -> last);
    }
}
