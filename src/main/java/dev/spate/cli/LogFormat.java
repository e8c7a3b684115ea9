package dev.spate.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** How log lines look: an option of commands that go on for long. */
final class LogFormat {

    /** The forms there are. */
    enum Form {
        TEXT,
        JSON
    }

    private static final String VARIABLE = "SPATE_LOG_FORMAT";
    private static final String APPENDER = "stderr";

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            description =
                    "Log lines as text, for people, or json, for programs"
                            + " (default: $SPATE_LOG_FORMAT, or text).")
    private Optional<String> form = Optional.empty();

    /** Has all lines from now on written in that form. */
    void apply(Map<String, String> environment) {
        Form chosen =
                form.map(text -> parse("--log-format", text))
                        .or(
                                () ->
                                        Optional.ofNullable(environment.get(VARIABLE))
                                                .filter(text -> !text.isBlank())
                                                .map(text -> parse(VARIABLE, text)))
                        .orElse(Form.TEXT);
        switch (chosen) {
            case TEXT -> {}
            case JSON -> writeJson();
        }
    }

    private static Form parse(String where, String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "text" -> Form.TEXT;
            case "json" -> Form.JSON;
            default -> throw Refusal.usage(where + ": expected text or json, found " + text);
        };
    }

    private static void writeJson() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logs) {
            Appender<ILoggingEvent> appender =
                    logs.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(APPENDER);
            if (appender instanceof OutputStreamAppender<ILoggingEvent> stream) {
                JsonLines lines = new JsonLines();
                lines.setContext(logs);
                lines.start();
                stream.stop();
                stream.setEncoder(lines);
                stream.start();
            }
        }
    }
}
