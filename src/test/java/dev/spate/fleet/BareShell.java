package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.OutputFile;
import dev.spate.job.RelativePath;
import java.time.Duration;
import java.util.Optional;

/** A connection over which nothing can be done. */
final class BareShell implements Shell {

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public Answer<Done> setUp(Setup setup, Deadline deadline) {
        return nothing();
    }

    @Override
    public Answer<RunStatus> start(Run run, Deadline deadline) {
        return nothing();
    }

    @Override
    public Answer<RunStatus> status(RunKey key, Deadline deadline) {
        return nothing();
    }

    @Override
    public Answer<RunStatus.Ended> watch(
            RunKey key, long outOffset, long errOffset, OutputSink sink, Deadline deadline) {
        return nothing();
    }

    @Override
    public Answer<Done> stop(RunKey key, Deadline deadline) {
        return nothing();
    }

    @Override
    public Answer<OutputFile> fetch(RunKey key, RelativePath path, Deadline deadline) {
        return nothing();
    }

    @Override
    public Answer<Optional<String>> awaitNotice(Deadline deadline) {
        return nothing();
    }

    @Override
    public Answer<Done> extendLease(Duration lease, Deadline deadline) {
        return nothing();
    }

    @Override
    public void close() {}

    private static <T> Answer<T> nothing() {
        return Answer.failed(Failure.Kind.INFRASTRUCTURE, "nothing can be done here");
    }
}
