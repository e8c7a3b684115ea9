package dev.spate.async;

import org.slf4j.MDC;

/**
 * What a thread is about, for the lines it logs: fields of their own where logs are JSON. Threads
 * that are started through a {@link Scheduler} inherit it.
 */
public enum LogContext {
    JOB("job"),
    ATTEMPT("attempt"),
    SHARD("shard"),
    MACHINE("machine"),
    TRACE("trace");

    private final String word;

    LogContext(String word) {
        this.word = word;
    }

    /** The field's name. */
    public String word() {
        return word;
    }

    /** The present thread is about this from now on, until it ends or is about another. */
    public void is(Object value) {
        MDC.put(word, value.toString());
    }
}
