package dev.spate.engine;

import static dev.spate.job.SampleJobs.plain;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class JobLogLinesTest {

    private final Logger runner = (Logger) LoggerFactory.getLogger(Runner.class);
    private final ListAppender<ILoggingEvent> lines =
            new ListAppender<>() {
                @Override
                protected void append(ILoggingEvent line) {
                    // What its thread is about is looked up only now, or not at all.
                    line.prepareForDeferredProcessing();
                    super.append(line);
                }
            };

    @BeforeEach
    void listen() {
        runner.setLevel(Level.DEBUG);
        runner.setAdditive(false);
        runner.addAppender(lines);
        lines.start();
    }

    @AfterEach
    void listenNoMore() {
        runner.detachAppender(lines);
        runner.setAdditive(true);
        runner.setLevel(null);
    }

    @Test
    void saySingleJobsStatesAndWhatTheyAreAbout() {
        World world = new World(1);
        world.start("w");
        world.publish(plain("a", "echo x"));
        world.released("a");

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .contains("Job a is launching", "Job a is running", "Job a is settled");
        assertThat(lines.list)
                .allSatisfy(
                        line ->
                                assertThat(line.getMDCPropertyMap())
                                        .containsEntry("job", "a")
                                        .containsEntry("attempt", "1"));
    }
}
