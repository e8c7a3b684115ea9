package dev.spate.engine;

import dev.spate.job.Bounds;
import java.time.Duration;

/**
 * How a worker treats jobs.
 *
 * @param jobsMax the most unsettled jobs in one shard; beyond that its messages wait in Kafka; 1 to
 *     100,000
 * @param troubledMax how often the infrastructure may fail a job before it ran, until the job is
 *     given up; 0 to 20
 * @param launchesMax the most launches planned for one job, whatever the reason, machines used
 *     again included, and so the most attempts; 1 to 1,000
 * @param machineTimeMax how long the machines of one job may run, all of them and all attempts
 *     together; 1 min to 10,000 d
 * @param headBytesMax how much of the beginning of each output stream goes into the result; 0 to 1
 *     MiB
 * @param tailBytesMax how much of its end; 0 to 1 MiB
 * @param logBytesMax how much of the beginning of each output stream is published while a job runs;
 *     the job's machines share it equally; 0 = nothing; to 64 MiB
 * @param dedupeWindow how long a settled job's id is remembered
 * @param idsMax the most settled ids a shard remembers; beyond that the oldest are forgotten early;
 *     1 to 10 million
 * @param callTimeout how long one exchange with a machine may take
 * @param retryPause how long to wait between attempts, and before asking again for machines
 * @param overrun how long past its timeout a run may go on before the worker no longer believes
 *     that the machine will end it
 */
public record EngineSettings(
        int jobsMax,
        int troubledMax,
        int launchesMax,
        Duration machineTimeMax,
        int headBytesMax,
        int tailBytesMax,
        int logBytesMax,
        Duration dedupeWindow,
        int idsMax,
        Duration callTimeout,
        Duration retryPause,
        Duration overrun) {

    private static final int KEPT_BYTES_MAX = 1 << 20;
    private static final int LOG_BYTES_MAX = 64 << 20;

    public EngineSettings {
        Bounds.require("jobsMax", jobsMax, 1, 100_000);
        Bounds.require("troubledMax", troubledMax, 0, 20);
        Bounds.require("launchesMax", launchesMax, 1, 1_000);
        Bounds.require(
                "machineTimeMax", machineTimeMax, Duration.ofMinutes(1), Duration.ofDays(10_000));
        Bounds.require("headBytesMax", headBytesMax, 0, KEPT_BYTES_MAX);
        Bounds.require("tailBytesMax", tailBytesMax, 0, KEPT_BYTES_MAX);
        Bounds.require("logBytesMax", logBytesMax, 0, LOG_BYTES_MAX);
        Bounds.require("idsMax", idsMax, 1, 10_000_000);
        Bounds.require("dedupeWindow", dedupeWindow, Duration.ZERO, Duration.ofDays(366));
        Bounds.require("callTimeout", callTimeout, Duration.ofSeconds(1), Duration.ofMinutes(10));
        Bounds.require("retryPause", retryPause, Duration.ofMillis(10), Duration.ofMinutes(10));
        Bounds.require("overrun", overrun, Duration.ofSeconds(1), Duration.ofHours(1));
    }

    /** The settings of a worker that is told nothing else. */
    public static EngineSettings defaults() {
        return new EngineSettings(
                2_000,
                3,
                50,
                Duration.ofDays(100),
                16 << 10,
                16 << 10,
                1 << 20,
                Duration.ofDays(1),
                200_000,
                Duration.ofMinutes(1),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1));
    }
}
