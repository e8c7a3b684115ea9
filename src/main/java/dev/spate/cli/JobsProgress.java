package dev.spate.cli;

import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How many of the jobs are done, for a person who is looking, below the lines that are printed;
 * nothing at all for a program. Safe for any thread.
 */
final class JobsProgress implements AutoCloseable {

    private static final int REFRESH_MILLIS = 200;
    private static final int WIDTH_MAX = 60;

    private final Bottom bottom;
    private final Optional<ProgressBar> bar;
    private final LastLine lastLine;

    JobsProgress(Terminal terminal, int jobs) throws InterruptedException {
        this.bottom = new Bottom(terminal);
        this.lastLine = new LastLine(terminal);
        // Wider, it would come to lie on two lines of a narrow window.
        int width = Math.min(WIDTH_MAX, new Screen(terminal).size().width() - 1);
        this.bar = terminal.canDrawOnError() ? Optional.of(bar(jobs, width)) : Optional.empty();
    }

    /** Prints a line above the bar. */
    void print(String line) {
        bottom.print(line);
    }

    void done(int jobs) {
        bar.ifPresent(shown -> shown.stepTo(jobs));
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
        lastLine.close();
    }

    private ProgressBar bar(int jobs, int width) {
        return new ProgressBarBuilder()
                .setTaskName("jobs")
                .setInitialMax(jobs)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REFRESH_MILLIS)
                .continuousUpdate()
                .setConsumer(bottom.to(width))
                .startsFrom(0, Duration.ZERO)
                .build();
    }

    /** The last line of what is shown. It is moved down by what is printed. */
    static final class Bottom {

        private static final String CLEAR_LINE = "\r\u001b[K";

        // In a window that has become narrower, a line that wraps could not be taken back.
        private static final String CUT = "\u001b[?7l";
        private static final String WRAP = "\u001b[?7h";

        private final Terminal terminal;

        // Guarded by this: the bar is drawn by a thread of its own.
        private String shown = "";

        Bottom(Terminal terminal) {
            this.terminal = terminal;
        }

        synchronized void print(String line) {
            draw("");
            terminal.print(line);
            draw(shown);
        }

        synchronized void show(String text) {
            shown = text;
            draw(text);
        }

        /** It stays where it is; what comes next begins a line of its own. */
        synchronized void leave() {
            if (!shown.isEmpty()) {
                shown = "";
                terminal.complain("");
            }
        }

        ProgressBarConsumer to(int width) {
            return new ProgressBarConsumer() {

                @Override
                public int getMaxRenderedLength() {
                    return width;
                }

                @Override
                public void accept(String rendered) {
                    show(rendered);
                }

                @Override
                public void close() {
                    leave();
                }
            };
        }

        private void draw(String text) {
            if (!shown.isEmpty()) {
                terminal.err().print(CLEAR_LINE + CUT + text + WRAP);
                terminal.err().flush();
            }
        }
    }
}
