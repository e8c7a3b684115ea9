package dev.spate.metrics;

import dev.spate.async.Batch;
import dev.spate.engine.EngineEvents;
import dev.spate.fleet.FleetEvents;
import dev.spate.job.Failure;
import dev.spate.job.Job;
import dev.spate.job.JobResult;
import dev.spate.job.Market;
import dev.spate.job.Outcome;
import dev.spate.job.Phase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All that a worker counts. Series whose label values are known beforehand exist from the start, at
 * zero, so that a rate can be told from the first event on.
 *
 * <p>Never blocks and never throws, but for {@link #scrape()}, which takes a few milliseconds. Safe
 * for any thread.
 */
public final class Meters implements EngineEvents, FleetEvents, AutoCloseable {

    private static final int ACTIONS_MAX = 30;
    private static final int CODES_MAX = 60;
    private static final int CAUSES_MAX = 20;
    private static final int REASONS_MAX = 20;

    private final PrometheusMeterRegistry registry;
    private final ProcessMeters process;
    private final KafkaMeters kafka;
    private final AtomicInteger sessions = new AtomicInteger();
    private final BoundedLabel actions = new BoundedLabel(ACTIONS_MAX);
    private final BoundedLabel codes = new BoundedLabel(CODES_MAX);
    private final BoundedLabel causes = new BoundedLabel(CAUSES_MAX);
    private final BoundedLabel reasons = new BoundedLabel(REASONS_MAX);

    /**
     * Begins to count.
     *
     * @param version of this build, told in {@code spate_build_info}
     */
    public Meters(String version) {
        registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().meterFilter(new PrometheusNames());
        process = new ProcessMeters(registry);
        kafka = new KafkaMeters(registry);
        Gauge.builder("spate.build.info", () -> 1)
                .description("Always 1; the labels tell which build runs on which Java.")
                .tag("version", version)
                .tag("java", Runtime.version().toString())
                .register(registry);
        Gauge.builder("spate.ssh.sessions", sessions, AtomicInteger::get)
                .description("SSH connections open now.")
                .register(registry);
        startAtZero();
    }

    private void startAtZero() {
        jobsReceived();
        duplicates();
        adoptions();
        fencedShards();
        hostKeyMismatches();
        outputBytes();
        logBytes();
        logBytesDropped();
        batchSize();
        sshConnect();
        machinePaid();
        attempts("first");
        for (Outcome outcome : Outcome.values()) {
            jobsSettled(outcome);
        }
        for (Failure.Kind kind : Failure.Kind.values()) {
            rejects(kind);
            attempts(kind.name());
        }
        for (Batch.Cut cut : Batch.Cut.values()) {
            batches(cut);
        }
        for (Market market : Market.values()) {
            machinesLaunched(market);
        }
        for (Phase phase : Phase.values()) {
            phaseDuration(phase);
        }
    }

    /** Everything, in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    /** Gauges to be asked when somebody scrapes. */
    public Gauges gauges() {
        return new Gauges(registry);
    }

    /** What is asked over HTTP. */
    public HttpMeters http() {
        return new HttpMeters(registry);
    }

    /** Kafka clients whose own metrics are to be told too. */
    public KafkaMeters kafka() {
        return kafka;
    }

    @Override
    public void close() {
        process.close();
        kafka.close();
        registry.close();
    }

    // What the engine tells.

    @Override
    public void batch(int size, Batch.Cut cut) {
        batches(cut).increment();
        batchSize().record(size);
    }

    @Override
    public void received() {
        jobsReceived().increment();
    }

    @Override
    public void duplicate() {
        duplicates().increment();
    }

    @Override
    public void rejected(Failure.Kind reason) {
        rejects(reason).increment();
    }

    @Override
    public void attempt(String reason) {
        attempts(reason).increment();
    }

    @Override
    public void phase(Phase phase, Duration took) {
        phaseDuration(phase).record(took);
    }

    @Override
    public void settled(Job job, JobResult result) {
        jobsSettled(result.outcome()).increment();
    }

    @Override
    public void adopted() {
        adoptions().increment();
    }

    @Override
    public void logged(long bytes) {
        logBytes().increment((double) bytes);
    }

    @Override
    public void logDropped(long bytes) {
        logBytesDropped().increment((double) bytes);
    }

    @Override
    public void fenced() {
        fencedShards().increment();
    }

    // What the fleet tells.

    @Override
    public void cloudCall(String action, String code, Duration took) {
        String boundedAction = actions.of(action);
        counter("spate.ec2.requests", "Calls to EC2, by action and by EC2's error code or ok.")
                .tag("action", boundedAction)
                .tag("code", codes.of(code))
                .register(registry)
                .increment();
        Timer.builder("spate.ec2.request.duration")
                .description(
                        "How long a call to EC2 took, waiting for the rate limiter not counted.")
                .tag("action", boundedAction)
                .serviceLevelObjectives(Buckets.CALLS)
                .register(registry)
                .record(took);
    }

    @Override
    public void launched(Market market, int count) {
        machinesLaunched(market).increment(count);
    }

    @Override
    public void terminated(String cause) {
        counter("spate.machines.terminated", "Machines known to be going or gone, by cause.")
                .tag("cause", causes.of(cause))
                .register(registry)
                .increment();
    }

    @Override
    public void paid(Duration time) {
        machinePaid().record(time);
    }

    @Override
    public void connected(Duration took) {
        sshConnect().record(took);
    }

    @Override
    public void sessions(int difference) {
        sessions.addAndGet(difference);
    }

    @Override
    public void hostKeyMismatch() {
        hostKeyMismatches().increment();
    }

    @Override
    public void output(long bytes) {
        outputBytes().increment((double) bytes);
    }

    // The meters themselves. Registering one again answers with the one that is there.

    private Counter jobsReceived() {
        return counter("spate.jobs.received", "Jobs accepted.").register(registry);
    }

    private Counter jobsSettled(Outcome outcome) {
        return counter("spate.jobs.settled", "Jobs that have their result, by outcome.")
                .tag("outcome", outcome.word())
                .register(registry);
    }

    private Counter attempts(String reason) {
        return counter(
                        "spate.attempts",
                        "Attempts begun, by the kind of failure that made them necessary; first is"
                                + " a job's first.")
                .tag("reason", reasons.of(BoundedLabel.word(reason)))
                .register(registry);
    }

    private Counter duplicates() {
        return counter("spate.duplicates", "Messages that said again what another had said.")
                .register(registry);
    }

    private Counter rejects(Failure.Kind reason) {
        return counter("spate.rejects", "Messages rejected, by kind of failure.")
                .tag("reason", BoundedLabel.word(reason.name()))
                .register(registry);
    }

    private Counter batches(Batch.Cut cut) {
        return counter("spate.batches", "Batches of job messages, by why they ended.")
                .tag("cut", BoundedLabel.word(cut.name()))
                .register(registry);
    }

    private Counter adoptions() {
        return counter("spate.adoptions", "Jobs taken over from another worker.")
                .register(registry);
    }

    private Counter fencedShards() {
        return counter("spate.fenced", "Shards dropped because their journal was lost.")
                .register(registry);
    }

    private Counter hostKeyMismatches() {
        return counter(
                        "spate.hostkey.mismatch",
                        "Machines that showed a host key other than the planted one.")
                .register(registry);
    }

    private Counter outputBytes() {
        return counter("spate.output.bytes", "Bytes of output read from machines.")
                .register(registry);
    }

    private Counter logBytes() {
        return counter("spate.log.bytes", "Bytes of output published while jobs run.")
                .register(registry);
    }

    private Counter logBytesDropped() {
        return counter(
                        "spate.log.bytes.dropped",
                        "Bytes of output that could not be published, and are missing for those who"
                                + " watch.")
                .register(registry);
    }

    private Counter machinesLaunched(Market market) {
        return counter("spate.machines.launched", "Machines that came out of launches, by market.")
                .tag("market", market.word())
                .register(registry);
    }

    private DistributionSummary batchSize() {
        return DistributionSummary.builder("spate.batch.size")
                .description("Job messages in a batch.")
                .serviceLevelObjectives(Buckets.SIZES)
                .register(registry);
    }

    private Timer phaseDuration(Phase phase) {
        return Timer.builder("spate.phase.duration")
                .description("How long a phase of a job took.")
                .tag("phase", phase.word())
                .serviceLevelObjectives(Buckets.PHASES)
                .register(registry);
    }

    private Timer sshConnect() {
        return Timer.builder("spate.ssh.connect.duration")
                .description("From the first try to connect to a machine until it stands.")
                .serviceLevelObjectives(Buckets.CALLS)
                .register(registry);
    }

    private Timer machinePaid() {
        return Timer.builder("spate.machine.paid")
                .description("How long a machine was paid for.")
                .serviceLevelObjectives(Buckets.PHASES)
                .register(registry);
    }

    private static Counter.Builder counter(String name, String description) {
        return Counter.builder(name).description(description);
    }
}
