package dev.spate.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spate.job.JobId;
import dev.spate.kafka.JobMessages;
import dev.spate.kafka.MessageLimits;
import dev.spate.kafka.Profiles;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes what a worker would take, and keeps it. Safe for any thread. */
public final class InMemorySubmissions implements Submissions {

    private final JobMessages messages =
            new JobMessages(Profiles.of(Map.of()), MessageLimits.WIDEST);
    private final List<String> submitted = new CopyOnWriteArrayList<>();
    private final List<JobId> cancelled = new CopyOnWriteArrayList<>();
    private final AtomicInteger made = new AtomicInteger();
    private volatile Optional<String> trouble = Optional.empty();

    /** From now on it is away. */
    public void breakDown(String why) {
        trouble = Optional.of(why);
    }

    /** The messages it was given, oldest first. */
    public List<String> submitted() {
        return List.copyOf(submitted);
    }

    /** The jobs that were cancelled, oldest first. */
    public List<JobId> cancelled() {
        return List.copyOf(cancelled);
    }

    @Override
    public Answer submit(byte[] message, Optional<String> traceParent) {
        if (trouble.isPresent()) {
            return new Answer.Unreachable(trouble.get());
        }
        JobId fresh = new JobId("job-" + made.incrementAndGet());
        return switch (messages.submission(message, fresh)) {
            case dev.spate.engine.Incoming.Submitted taken -> {
                submitted.add(new String(message, UTF_8));
                yield new Answer.Published(taken.job().id());
            }
            case dev.spate.engine.Incoming.Malformed bad -> new Answer.Refused(bad.why().message());
            case dev.spate.engine.Incoming.Cancelled _ ->
                    throw new IllegalStateException("no message cancels");
        };
    }

    @Override
    public Answer cancel(JobId id) {
        if (trouble.isPresent()) {
            return new Answer.Unreachable(trouble.get());
        }
        cancelled.add(id);
        return new Answer.Published(id);
    }
}
