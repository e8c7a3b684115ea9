package dev.spate.config;

import dev.spate.async.BatchIterator;
import dev.spate.board.BoardSettings;
import dev.spate.engine.EngineSettings;
import dev.spate.fleet.FleetSettings;
import dev.spate.fleet.SweepSettings;
import dev.spate.job.ByteSize;
import dev.spate.kafka.KafkaSettings;
import dev.spate.kafka.MessageLimits;
import dev.spate.kafka.Topics;
import dev.spate.ssh.SshSettings;
import dev.spate.tracing.TracingSettings;
import dev.spate.web.HttpSettings;
import dev.spate.web.Token;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads the settings of each component: which keys there are, what they mean, what they default to.
 */
final class Components {

    private static final String BOOTSTRAP = "localhost:9092";

    private final Sources sources;

    Components(Sources sources) {
        this.sources = sources;
    }

    HttpSettings http() {
        Section section = new Section(sources, "http.");
        HttpSettings defaults = HttpSettings.onLoopback(9400);
        Optional<Token> token =
                section.value("token", "", defaults.token(), text -> Optional.of(new Token(text)));
        return section.build(
                () ->
                        new HttpSettings(
                                section.text("host", defaults.host()),
                                section.integer("port", defaults.port()),
                                section.optional("advertised-host"),
                                section.integer("connections-max", defaults.connectionsMax()),
                                section.integer("streams-max", defaults.streamsMax()),
                                section.size("request-max", defaults.requestMax()),
                                section.duration("idle-timeout", defaults.idleTimeout()),
                                token),
                defaults);
    }

    BoardSettings board() {
        Section section = new Section(sources, "board.");
        BoardSettings defaults = BoardSettings.defaults();
        return section.build(
                () ->
                        new BoardSettings(
                                section.flag("enabled", defaults.isEnabled()),
                                section.integer("history-max", defaults.historyMax()),
                                section.size("bytes-max", defaults.bytesMax()),
                                section.duration("retention", defaults.retention()),
                                section.integer("replicas", defaults.replicas())),
                defaults);
    }

    EngineSettings engine() {
        Section section = new Section(sources, "engine.");
        EngineSettings defaults = EngineSettings.defaults();
        return section.build(
                () ->
                        new EngineSettings(
                                section.integer("jobs-max", defaults.jobsMax()),
                                section.integer("troubled-max", defaults.troubledMax()),
                                section.integer("launches-max", defaults.launchesMax()),
                                section.duration("machine-time-max", defaults.machineTimeMax()),
                                section.bytes("head-bytes-max", defaults.headBytesMax()),
                                section.bytes("tail-bytes-max", defaults.tailBytesMax()),
                                section.bytes("log-bytes-max", defaults.logBytesMax()),
                                section.duration("dedupe-window", defaults.dedupeWindow()),
                                section.integer("ids-max", defaults.idsMax()),
                                section.duration("call-timeout", defaults.callTimeout()),
                                section.duration("retry-pause", defaults.retryPause()),
                                section.duration("overrun", defaults.overrun())),
                defaults);
    }

    FleetSettings fleet(String group, SshSettings ssh) {
        Section section = new Section(sources, "fleet.");
        FleetSettings defaults = FleetSettings.defaults(group);
        SweepSettings sweep = sweep();
        return section.build(
                () ->
                        new FleetSettings(
                                group,
                                ssh.user(),
                                section.list("zones", defaults.zones()),
                                section.integer("machines-max", defaults.machinesMax()),
                                section.integer(
                                        "machines-per-minute-max", defaults.machinesPerMinuteMax()),
                                section.duration("boot-timeout", defaults.bootTimeout()),
                                section.duration("setup-timeout", defaults.setupTimeout()),
                                section.duration("lease-margin", defaults.leaseMargin()),
                                section.duration("idle-time", defaults.idleTime()),
                                section.duration("poll-pending", defaults.pollPending()),
                                section.duration("poll-running", defaults.pollRunning()),
                                section.duration("not-found-grace", defaults.notFoundGrace()),
                                section.duration("terminate-linger", defaults.terminateLinger()),
                                section.duration("capacity-rest", defaults.capacityRest()),
                                section.duration("quota-rest", defaults.quotaRest()),
                                section.duration("call-timeout", defaults.callTimeout()),
                                section.duration("retry-pause", defaults.retryPause()),
                                sweep),
                defaults);
    }

    private SweepSettings sweep() {
        Section section = new Section(sources, "sweep.");
        SweepSettings defaults = SweepSettings.defaults();
        return section.build(
                () ->
                        new SweepSettings(
                                section.duration("interval", defaults.interval()),
                                section.duration("age-min", defaults.ageMin()),
                                section.duration("lease-grace", defaults.leaseGrace()),
                                section.integer("ends-max", defaults.endsMax()),
                                section.flag("dry-run", defaults.dryRun())),
                defaults);
    }

    SshSettings ssh() {
        Section section = new Section(sources, "ssh.");
        SshSettings defaults = SshSettings.DEFAULT;
        return section.build(
                () ->
                        new SshSettings(
                                section.integer("port", defaults.port()),
                                section.text("user", defaults.user()),
                                section.duration("keep-alive", defaults.keepAlive()),
                                section.duration("grace", defaults.grace()),
                                section.optional("outputs").map(Path::of),
                                section.size("output-max", defaults.outputMax())),
                defaults);
    }

    Optional<TracingSettings> tracing(String group) {
        Section section = new Section(sources, "tracing.");
        return section.value(
                "endpoint",
                "",
                Optional.empty(),
                text -> Optional.of(new TracingSettings(URI.create(text), group)));
    }

    MessageLimits limits() {
        Section section = new Section(sources, "limits.");
        MessageLimits defaults = MessageLimits.WIDEST;
        return section.build(
                () ->
                        new MessageLimits(
                                section.bytes("bytes-max", defaults.bytesMax()),
                                section.list("images", defaults.images()),
                                section.list("types", defaults.types()),
                                section.duration("timeout-max", defaults.timeoutMax()),
                                section.integer("machines-max", defaults.machinesMax())),
                defaults);
    }

    KafkaSettings kafka(String group) {
        Section section = new Section(sources, "kafka.");
        KafkaSettings defaults = KafkaSettings.of(BOOTSTRAP, group);
        Topics topics = topics(defaults.topics());
        var input = batches("kafka.input.", defaults.input());
        var journal = batches("kafka.journal.", defaults.journal());
        return section.build(
                () ->
                        new KafkaSettings(
                                String.join(
                                        ",", section.list("bootstrap-servers", List.of(BOOTSTRAP))),
                                group,
                                topics,
                                section.open("properties"),
                                input,
                                journal,
                                section.size(
                                                "prefetch-bytes-max",
                                                new ByteSize(defaults.prefetchBytesMax()))
                                        .bytes(),
                                section.duration("commit-timeout", defaults.commitTimeout()),
                                section.duration("revoke-timeout", defaults.revokeTimeout()),
                                section.bytes("result-bytes-max", defaults.resultBytesMax())),
                defaults);
    }

    private Topics topics(Topics defaults) {
        Section section = new Section(sources, "kafka.topics.");
        return section.build(
                () ->
                        new Topics(
                                section.text("jobs", defaults.jobs()),
                                section.text("journal", defaults.journal()),
                                section.text("results", defaults.results()),
                                section.text("rejects", defaults.rejects()),
                                section.text("logs", defaults.logs())),
                defaults);
    }

    private BatchIterator.Limits batches(String prefix, BatchIterator.Limits defaults) {
        Section section = new Section(sources, prefix);
        return section.build(
                () ->
                        new BatchIterator.Limits(
                                section.integer("size", defaults.size()),
                                section.size("bytes-max", new ByteSize(defaults.bytesMax()))
                                        .bytes(),
                                section.duration("linger", defaults.linger()),
                                section.integer("prefetch", defaults.prefetch())),
                defaults);
    }
}
