package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.job.Failure;
import dev.spate.job.JobId;
import dev.spate.job.JobResult;
import dev.spate.job.Outcome;
import dev.spate.job.SampleJobs;
import dev.spate.job.Trace;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AdmissionTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final RawMessage RAW = new RawMessage(null, null, List.of());

    @Test
    void acceptsNewJobsInOrder() {
        Admission admission = admit(submitted(4, "a", "1"), submitted(7, "b", "2"));

        assertThat(admission.accepted())
                .extracting(job -> job.job().id().value())
                .containsExactly("a", "b");
        assertThat(admission.consumedTo()).hasValue(8);
    }

    @Test
    void takesARepetitionForOne() {
        Admission admission =
                admit(submitted(0, "a", "1"), submitted(1, "a", "1"), submitted(2, "known", "0"));

        assertThat(admission.accepted()).hasSize(1);
        assertThat(admission.duplicates()).isEqualTo(2);
        assertThat(admission.rejects()).isEmpty();
    }

    @Test
    void rejectsAContradictionAndLeavesTheKnownJobItsResult() {
        Admission admission = admit(submitted(0, "known", "other"));

        assertThat(admission.rejects())
                .singleElement()
                .satisfies(
                        reject -> {
                            assertThat(reject.why().kind()).isEqualTo(Failure.Kind.INVALID);
                            assertThat(reject.why().message())
                                    .startsWith("id: job known is known with other content");
                        });
        assertThat(admission.results()).isEmpty();
    }

    @Test
    void rejectsWhatIsMalformedWithAResultIfItsIdCanBeRead() {
        Admission admission =
                admit(malformed(0, Optional.of(new JobId("a"))), malformed(1, Optional.empty()));

        assertThat(admission.rejects()).hasSize(2);
        assertThat(admission.results())
                .extracting(JobResult::outcome)
                .containsExactly(Outcome.REJECTED);
        assertThat(admission.consumedTo()).hasValue(2);
    }

    @Test
    void givesNoResultForAMalformedMessageWithTheIdOfAKnownJob() {
        Admission admission = admit(malformed(0, Optional.of(new JobId("known"))));

        assertThat(admission.rejects()).hasSize(1);
        assertThat(admission.results()).isEmpty();
    }

    @Test
    void cancelsWhatIsKnownOrHasJustBeenAccepted() {
        Admission admission =
                admit(
                        cancelled(0, "early"),
                        submitted(1, "a", "1"),
                        cancelled(2, "a"),
                        cancelled(3, "known"));

        assertThat(admission.cancelled()).extracting(JobId::value).containsExactly("a", "known");
    }

    private static Admission admit(Incoming... messages) {
        return Admission.of(
                List.of(messages),
                id -> id.value().equals("known") ? Optional.of("0") : Optional.empty(),
                NOW);
    }

    private static Incoming submitted(long offset, String id, String hash) {
        return new Incoming.Submitted(
                offset, SampleJobs.plain(id, "true"), hash, Trace.NONE, NOW, RAW);
    }

    private static Incoming cancelled(long offset, String id) {
        return new Incoming.Cancelled(offset, new JobId(id));
    }

    private static Incoming malformed(long offset, Optional<JobId> id) {
        return new Incoming.Malformed(
                offset, id, Failure.Kind.INVALID, List.of("run: missing"), RAW, Trace.NONE, NOW);
    }
}
