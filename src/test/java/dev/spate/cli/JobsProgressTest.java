package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JobsProgressTest {

    private static final String DRAW = "\r\u001b[K\u001b[?7l%s\u001b[?7h";

    private final StringWriter written = new StringWriter();
    private final PrintWriter screen = new PrintWriter(written, true);
    private final JobsProgress.Bottom bottom = new JobsProgress.Bottom(terminal(true));

    @Test
    void linesArePrintedAboveTheBar() {
        bottom.show("1/2");

        bottom.print("a succeeded");

        assertThat(written.toString())
                .isEqualTo(
                        DRAW.formatted("1/2")
                                + DRAW.formatted("")
                                + "a succeeded"
                                + System.lineSeparator()
                                + DRAW.formatted("1/2"));
    }

    @Test
    void withoutABarThereAreOnlyTheLines() throws Exception {
        try (JobsProgress progress = new JobsProgress(terminal(false), 2)) {
            progress.print("a succeeded");
            progress.done(1);
        }

        assertThat(written.toString()).isEqualTo("a succeeded" + System.lineSeparator());
    }

    @Test
    void theBarStaysWhenItIsLeft() {
        bottom.show("2/2");

        bottom.leave();

        assertThat(written.toString()).isEqualTo(DRAW.formatted("2/2") + System.lineSeparator());
    }

    private Terminal terminal(boolean isInteractive) {
        return new Terminal(InputStream.nullInputStream(), screen, screen, Map.of(), isInteractive);
    }
}
