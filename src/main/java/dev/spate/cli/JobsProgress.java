package dev.spate.cli;

import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How many of the jobs are done, for a person who is looking; nothing at all for a program. */
final class JobsProgress implements AutoCloseable {

    private static final int REFRESH_MILLIS = 200;
    private static final int WIDTH = 60;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final Terminal terminal;
    private final Optional<ProgressBar> bar;

    JobsProgress(Terminal terminal, int jobs) {
        this.terminal = terminal;
        this.bar = terminal.isInteractive() ? Optional.of(bar(jobs)) : Optional.empty();
    }

    /** Prints a line above the bar. */
    void print(String line) {
        if (bar.isPresent()) {
            terminal.err().print(CLEAR_LINE);
            terminal.err().flush();
        }
        terminal.print(line);
    }

    void done(int jobs) {
        bar.ifPresent(shown -> shown.stepTo(jobs));
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
    }

    private static ProgressBar bar(int jobs) {
        return new ProgressBarBuilder()
                .setTaskName("jobs")
                .setInitialMax(jobs)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REFRESH_MILLIS)
                .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
                .startsFrom(0, Duration.ZERO)
                .build();
    }
}
