package dev.spate.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * A server-sent event as it is written: made once for all who are told.
 *
 * @param bytes not to be changed
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
 *     events</a>
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Frame(byte[] bytes) {

    static final Frame RELOAD = of("reload", Json.object());
    static final Frame BEAT = of("beat", Json.object());
    static final Frame END = of("end", Json.object());

    /** When a client whose stream broke tries again. */
    static final Frame RETRY = new Frame("retry: 2000\n\n".getBytes(UTF_8));

    /**
     * JSON has no line breaks of its own, so that one line of data is enough.
     *
     * @param event its name
     */
    static Frame of(String event, JsonNode data) {
        return new Frame(("event: " + event + "\ndata: " + data + "\n\n").getBytes(UTF_8));
    }

    /** Nothing can be told until the next {@link #RELOAD}. */
    static Frame stale(Instant since) {
        return of("stale", Json.object().put("since", Json.time(since)));
    }
}
