package dev.spate.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** How much is logged. */
final class Logs {

    private Logs() {}

    /**
     * Only what is wrong, unless a level was asked for: for commands whose output is for a person
     * who wants an answer and no story. Clients complain of what the command itself then says
     * better.
     */
    static void onlyTrouble() {
        if (System.getenv("SPATE_LOG_LEVEL") == null
                && LoggerFactory.getILoggerFactory() instanceof LoggerContext logs) {
            logs.getLogger("dev.spate").setLevel(Level.WARN);
            logs.getLogger("org.apache.kafka").setLevel(Level.OFF);
        }
    }
}
