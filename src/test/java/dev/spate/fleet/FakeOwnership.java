package dev.spate.fleet;

import dev.spate.job.JobRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A shard whose jobs and whose owner are what a test says. */
final class FakeOwnership implements Ownership {

    /** One that nobody else wants, and that has no jobs. */
    static final Ownership CONFIRMED = new FakeOwnership();

    final List<JobRecord> jobs = new ArrayList<>();
    private CompletableFuture<Void> answer = CompletableFuture.completedFuture(null);

    /** From now on the shard is said to be another worker's. */
    FakeOwnership lost() {
        return answers(CompletableFuture.failedFuture(new IllegalStateException("fenced")));
    }

    /** From now on this is what becomes of the question. */
    FakeOwnership answers(CompletableFuture<Void> future) {
        answer = future;
        return this;
    }

    @Override
    public long epoch() {
        return 1;
    }

    @Override
    public CompletableFuture<Void> confirm() {
        return answer;
    }

    @Override
    public List<JobRecord> jobs() {
        return List.copyOf(jobs);
    }
}
