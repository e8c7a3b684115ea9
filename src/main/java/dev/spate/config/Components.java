package dev.spate.config;

import dev.spate.async.BatchIterator;
import dev.spate.engine.EngineSettings;
import dev.spate.fleet.FleetSettings;
import dev.spate.job.ByteSize;
import dev.spate.kafka.KafkaSettings;
import dev.spate.kafka.MessageLimits;
import dev.spate.kafka.Topics;
import dev.spate.ssh.SshSettings;
import dev.spate.web.HttpSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

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
        String host = section.text("host", defaults.host());
        int port = section.integer("port", defaults.port());
        int connectionsMax = section.integer("connections-max", defaults.connectionsMax());
        ByteSize requestMax = section.size("request-max", defaults.requestMax());
        var idleTimeout = section.duration("idle-timeout", defaults.idleTimeout());
        return section.build(
                () -> new HttpSettings(host, port, connectionsMax, requestMax, idleTimeout),
                defaults);
    }

    EngineSettings engine() {
        Section section = new Section(sources, "engine.");
        EngineSettings defaults = EngineSettings.defaults();
        int jobsMax = section.integer("jobs-max", defaults.jobsMax());
        int troubledMax = section.integer("troubled-max", defaults.troubledMax());
        int launchesMax = section.integer("launches-max", defaults.launchesMax());
        int headBytesMax = section.bytes("head-bytes-max", defaults.headBytesMax());
        int tailBytesMax = section.bytes("tail-bytes-max", defaults.tailBytesMax());
        var dedupeWindow = section.duration("dedupe-window", defaults.dedupeWindow());
        int idsMax = section.integer("ids-max", defaults.idsMax());
        var callTimeout = section.duration("call-timeout", defaults.callTimeout());
        var retryPause = section.duration("retry-pause", defaults.retryPause());
        var overrun = section.duration("overrun", defaults.overrun());
        return section.build(
                () ->
                        new EngineSettings(
                                jobsMax,
                                troubledMax,
                                launchesMax,
                                headBytesMax,
                                tailBytesMax,
                                dedupeWindow,
                                idsMax,
                                callTimeout,
                                retryPause,
                                overrun),
                defaults);
    }

    FleetSettings fleet(String group, SshSettings ssh) {
        Section section = new Section(sources, "fleet.");
        FleetSettings defaults = FleetSettings.defaults(group);
        var zones = section.list("zones", defaults.zones());
        int machinesMax = section.integer("machines-max", defaults.machinesMax());
        var bootTimeout = section.duration("boot-timeout", defaults.bootTimeout());
        var setupTimeout = section.duration("setup-timeout", defaults.setupTimeout());
        var leaseMargin = section.duration("lease-margin", defaults.leaseMargin());
        var idleTime = section.duration("idle-time", defaults.idleTime());
        var pollPending = section.duration("poll-pending", defaults.pollPending());
        var pollRunning = section.duration("poll-running", defaults.pollRunning());
        var notFoundGrace = section.duration("not-found-grace", defaults.notFoundGrace());
        var terminateLinger = section.duration("terminate-linger", defaults.terminateLinger());
        var capacityRest = section.duration("capacity-rest", defaults.capacityRest());
        var quotaRest = section.duration("quota-rest", defaults.quotaRest());
        var callTimeout = section.duration("call-timeout", defaults.callTimeout());
        var retryPause = section.duration("retry-pause", defaults.retryPause());
        return section.build(
                () ->
                        new FleetSettings(
                                group,
                                ssh.user(),
                                zones,
                                machinesMax,
                                bootTimeout,
                                setupTimeout,
                                leaseMargin,
                                idleTime,
                                pollPending,
                                pollRunning,
                                notFoundGrace,
                                terminateLinger,
                                capacityRest,
                                quotaRest,
                                callTimeout,
                                retryPause),
                defaults);
    }

    SshSettings ssh() {
        Section section = new Section(sources, "ssh.");
        SshSettings defaults = SshSettings.DEFAULT;
        int port = section.integer("port", defaults.port());
        String user = section.text("user", defaults.user());
        var keepAlive = section.duration("keep-alive", defaults.keepAlive());
        var grace = section.duration("grace", defaults.grace());
        var outputs = section.optional("outputs").map(Path::of);
        ByteSize outputMax = section.size("output-max", defaults.outputMax());
        return section.build(
                () -> new SshSettings(port, user, keepAlive, grace, outputs, outputMax), defaults);
    }

    MessageLimits limits() {
        Section section = new Section(sources, "limits.");
        MessageLimits defaults = MessageLimits.WIDEST;
        int bytesMax = section.bytes("bytes-max", defaults.bytesMax());
        var images = section.list("images", defaults.images());
        var types = section.list("types", defaults.types());
        var timeoutMax = section.duration("timeout-max", defaults.timeoutMax());
        int machinesMax = section.integer("machines-max", defaults.machinesMax());
        return section.build(
                () -> new MessageLimits(bytesMax, images, types, timeoutMax, machinesMax),
                defaults);
    }

    KafkaSettings kafka(String group) {
        Section section = new Section(sources, "kafka.");
        KafkaSettings defaults = KafkaSettings.of(BOOTSTRAP, group);
        List<String> servers = section.list("bootstrap-servers", List.of(BOOTSTRAP));
        Topics topics = topics(defaults.topics());
        var properties = section.open("properties");
        var input = batches("kafka.input.", defaults.input());
        var journal = batches("kafka.journal.", defaults.journal());
        var commitTimeout = section.duration("commit-timeout", defaults.commitTimeout());
        var revokeTimeout = section.duration("revoke-timeout", defaults.revokeTimeout());
        int resultBytesMax = section.bytes("result-bytes-max", defaults.resultBytesMax());
        return section.build(
                () ->
                        new KafkaSettings(
                                String.join(",", servers),
                                group,
                                topics,
                                properties,
                                input,
                                journal,
                                commitTimeout,
                                revokeTimeout,
                                resultBytesMax),
                defaults);
    }

    private Topics topics(Topics defaults) {
        Section section = new Section(sources, "kafka.topics.");
        String jobs = section.text("jobs", defaults.jobs());
        String journal = section.text("journal", defaults.journal());
        String results = section.text("results", defaults.results());
        String rejects = section.text("rejects", defaults.rejects());
        String logs = section.text("logs", defaults.logs());
        return section.build(() -> new Topics(jobs, journal, results, rejects, logs), defaults);
    }

    private BatchIterator.Limits batches(String prefix, BatchIterator.Limits defaults) {
        Section section = new Section(sources, prefix);
        int size = section.integer("size", defaults.size());
        ByteSize bytesMax = section.size("bytes-max", new ByteSize(defaults.bytesMax()));
        Duration linger = section.duration("linger", defaults.linger());
        int prefetch = section.integer("prefetch", defaults.prefetch());
        return section.build(
                () -> new BatchIterator.Limits(size, bytesMax.bytes(), linger, prefetch), defaults);
    }
}
