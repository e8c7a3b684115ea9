package dev.spate.metrics;

import dev.spate.fleet.Machine;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Numbers that are asked for when somebody scrapes. Each may be given once; what is given answers
 * from memory and is safe for any thread.
 */
public final class Gauges {

    private static final List<String> JOB_STATES =
            List.of("waiting", "launching", "preparing", "running", "retreating", "settled");

    private final MeterRegistry registry;

    Gauges(MeterRegistry registry) {
        this.registry = registry;
    }

    /** {@code spate_jobs}: by the word of the job's state. */
    public Gauges jobs(ToDoubleFunction<String> inState) {
        for (String state : JOB_STATES) {
            Gauge.builder("spate.jobs", state, inState)
                    .description("Jobs of this worker's shards that are not forgotten, by state.")
                    .tag("state", state)
                    .strongReference(true)
                    .register(registry);
        }
        return this;
    }

    /** {@code spate_machines}: by what the machine is doing. */
    public Gauges machines(ToDoubleFunction<Machine.State> inState) {
        for (Machine.State state : Machine.State.values()) {
            if (state != Machine.State.GONE) {
                Gauge.builder("spate.machines", state, inState)
                        .description("Machines of this worker's shards, by state.")
                        .tag("state", BoundedLabel.word(state.name()))
                        .register(registry);
            }
        }
        return this;
    }

    /** {@code spate_oldest_job_age_seconds}. */
    public Gauges oldestJobAge(Supplier<Duration> age) {
        return simple(
                "spate.oldest.job.age.seconds",
                "Since when the oldest job without a result has been waiting for it; 0 if there is"
                        + " none.",
                () -> age.get().toMillis() / 1_000.0);
    }

    /** {@code spate_orphan_machines}. */
    public Gauges orphanMachines(IntSupplier count) {
        return simple(
                "spate.orphan.machines",
                "Machines of this worker's shards that the last sweep found to belong to no job.",
                count::getAsInt);
    }

    /** {@code spate_last_sweep_timestamp_seconds}. */
    public Gauges lastSweep(Supplier<Optional<Instant>> time) {
        return simple(
                "spate.last.sweep.timestamp.seconds",
                "When machines that belong to no job were last looked for; 0 before the first time.",
                () -> time.get().map(at -> at.toEpochMilli() / 1_000.0).orElse(0.0));
    }

    /** {@code spate_prefetched_batches}. */
    public Gauges prefetchedBatches(IntSupplier count) {
        return simple(
                "spate.prefetched.batches",
                "Batches of messages that are complete and wait to be taken up.",
                count::getAsInt);
    }

    /** {@code spate_paused_partitions}. */
    public Gauges pausedPartitions(IntSupplier count) {
        return simple(
                "spate.paused.partitions",
                "Partitions that are not read at the moment because enough of them is waiting.",
                count::getAsInt);
    }

    /** {@code spate_board_jobs}. */
    public Gauges boardJobs(IntSupplier count) {
        return simple(
                "spate.board.jobs",
                "Jobs this worker's board shows, those that are done among them.",
                count::getAsInt);
    }

    /** {@code spate_board_behind_records}. */
    public Gauges boardBehind(LongSupplier count) {
        return simple(
                "spate.board.behind.records",
                "Records of the journal, and of its own, that this worker's board has still to"
                        + " read.",
                count::getAsLong);
    }

    /** {@code spate_board_unreadable_records}. */
    public Gauges boardUnreadable(LongSupplier count) {
        return simple(
                "spate.board.unreadable.records",
                "Records of the journal that this worker's board could not read and passed over.",
                count::getAsLong);
    }

    /** {@code spate_board_ready}: 1 or 0. */
    public Gauges boardReady(BooleanSupplier isReady) {
        return simple(
                "spate.board.ready",
                "Whether this worker's board shows how things are: 1, or 0 while it still reads, has"
                        + " failed or has stopped.",
                () -> isReady.getAsBoolean() ? 1 : 0);
    }

    /** {@code spate_http_streams}, and {@code spate_http_streams_max}, which does not change. */
    public Gauges httpStreams(IntSupplier count, int max) {
        return simple(
                        "spate.http.streams",
                        "Streams of events and output that are open over HTTP now.",
                        count::getAsInt)
                .simple("spate.http.streams.max", "How many such streams may be open.", () -> max);
    }

    private Gauges simple(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
        return this;
    }
}
