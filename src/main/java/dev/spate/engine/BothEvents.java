package dev.spate.engine;

import dev.spate.async.Batch;
import dev.spate.job.Failure;
import dev.spate.job.Job;
import dev.spate.job.JobResult;
import dev.spate.job.Phase;
import java.time.Duration;

/** Tells two. */
record BothEvents(EngineEvents one, EngineEvents other) implements EngineEvents {

    @Override
    public void batch(int size, Batch.Cut cut) {
        one.batch(size, cut);
        other.batch(size, cut);
    }

    @Override
    public void received() {
        one.received();
        other.received();
    }

    @Override
    public void duplicate() {
        one.duplicate();
        other.duplicate();
    }

    @Override
    public void rejected(Failure.Kind reason) {
        one.rejected(reason);
        other.rejected(reason);
    }

    @Override
    public void attempt(String reason) {
        one.attempt(reason);
        other.attempt(reason);
    }

    @Override
    public void phase(Phase phase, Duration took) {
        one.phase(phase, took);
        other.phase(phase, took);
    }

    @Override
    public void settled(Job job, JobResult result) {
        one.settled(job, result);
        other.settled(job, result);
    }

    @Override
    public void adopted() {
        one.adopted();
        other.adopted();
    }

    @Override
    public void logged(long bytes) {
        one.logged(bytes);
        other.logged(bytes);
    }

    @Override
    public void logDropped(long bytes) {
        one.logDropped(bytes);
        other.logDropped(bytes);
    }

    @Override
    public void fenced() {
        one.fenced();
        other.fenced();
    }
}
