package dev.spate.async;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

final class LogContextTest {

    @Test
    void threadsInheritWhatTheThreadThatStartsThemIsAbout() throws Exception {
        try (SystemScheduler scheduler = new SystemScheduler()) {
            String inner =
                    scheduler
                            .start(
                                    "outer",
                                    () -> {
                                        LogContext.JOB.is("bench-42");
                                        return scheduler
                                                .start("inner", () -> MDC.get("job"))
                                                .result()
                                                .get();
                                    })
                            .result()
                            .get();

            assertThat(inner).isEqualTo("bench-42");
            assertThat(MDC.get("job")).isNull();
        }
    }
}
