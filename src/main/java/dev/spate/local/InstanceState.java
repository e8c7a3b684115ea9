package dev.spate.local;

import java.util.Locale;

/** The states of an instance, with EC2's numbers. */
enum InstanceState {
    PENDING(0),
    RUNNING(16),
    SHUTTING_DOWN(32),
    TERMINATED(48),
    STOPPED(80);

    private final int code;

    InstanceState(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** As the API spells it. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
