package dev.spate.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.engine.Incoming;
import dev.spate.job.Job;
import dev.spate.job.JobRecord;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RecordsTest {

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void losesNothingOnTheWayThereAndBack(long seed) {
        JobRecord record = new Sample(seed).record();

        assertThat(Records.decode(Records.encode(record))).isEqualTo(record);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void writesAJobAsAMessageThatMeansTheSame(long seed) {
        Job job = new Sample(seed).job();

        Incoming read =
                new JobMessages(Profiles.none(), MessageLimits.WIDEST)
                        .check(JobMessages.encode(job), Optional.empty());

        Job again = ((Incoming.Submitted) read).job();
        assertThat(again.roles()).isEqualTo(job.roles());
        assertThat(again.timeout()).isEqualTo(job.timeout());
        assertThat(Schemas.job().complaints(new String(JobMessages.encode(job), UTF_8))).isEmpty();
    }

    @Test
    void refusesARecordOfANewerForm() {
        assertThatThrownBy(() -> Records.decode("{\"version\": 2}".getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("journal record: version: expected version 1, found 2");
    }

    @Test
    void refusesWhatIsNoRecord() {
        assertThatThrownBy(() -> Records.decode("[]".getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected an object");
    }
}
