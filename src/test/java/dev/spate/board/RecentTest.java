package dev.spate.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.job.JobId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RecentTest {

    private final Recent recent = new Recent();

    @Test
    void remembersTheJobsThatWereLookedAtLast() {
        for (int i = 0; i < Recent.JOBS_MAX; i++) {
            recent.put(latest("job-" + i, 10));
        }
        recent.get(new JobId("job-0"));
        recent.put(latest("one-more", 10));

        assertThat(recent.get(new JobId("job-0"))).isPresent();
        assertThat(recent.get(new JobId("job-1"))).isEmpty();
        assertThat(recent.get(new JobId("job-2"))).isPresent();
        assertThat(recent.get(new JobId("one-more"))).isPresent();
    }

    @Test
    void remembersNothingLargeAndNothingOlderInItsStead() {
        recent.put(latest("a", 10));
        recent.put(latest("a", Recent.BYTES_MAX + 1));

        assertThat(recent.get(new JobId("a"))).isEmpty();
    }

    private static Recent.Latest latest(String id, int bytes) {
        var record = Way.waiting(id, "default", Instant.EPOCH).last();
        var entry = new Entry(Head.of(record, Instant.EPOCH), List.of(), new byte[bytes]);
        return new Recent.Latest(new Trimmed(record, ""), entry);
    }
}
