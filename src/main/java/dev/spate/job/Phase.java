package dev.spate.job;

import java.util.Locale;

/** The stretches of a job's way, in order. */
public enum Phase {
    /** From publication to the first launch call; waiting for capacity counts here too. */
    QUEUED,
    /** From the launch call to the machines' being known. */
    LAUNCH,
    /** Until the last machine has an address and takes connections. */
    BOOT,
    /** Until the last machine is connected to, verified and authenticated. */
    CONNECT,
    /** Until the last machine's setup is done. */
    SETUP,
    /** From the start of the job to its end. */
    RUN,
    /** Until the outputs are fetched. */
    COLLECT;

    /** As messages and metrics write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
