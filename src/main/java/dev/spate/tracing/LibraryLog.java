package dev.spate.tracing;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/**
 * What OpenTelemetry has to say, in our log: it knows only the JDK's. Traces that are lost are an
 * inconvenience, so all of it is a warning.
 */
final class LibraryLog extends Handler {

    private static final org.slf4j.Logger log = LoggerFactory.getLogger(JobTraces.class);

    private final SimpleFormatter formatter = new SimpleFormatter();
    private final Logger source;

    private LibraryLog(Logger source) {
        this.source = source;
    }

    static LibraryLog open() {
        Logger source = Logger.getLogger("io.opentelemetry");
        LibraryLog handler = new LibraryLog(source);
        handler.setLevel(Level.WARNING);
        source.setUseParentHandlers(false);
        source.addHandler(handler);
        return handler;
    }

    @Override
    public void publish(LogRecord entry) {
        if (isLoggable(entry)) {
            log.warn("OpenTelemetry: {}", formatter.formatMessage(entry));
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        source.removeHandler(this);
    }
}
