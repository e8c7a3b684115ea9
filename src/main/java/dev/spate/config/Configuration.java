package dev.spate.config;

import dev.spate.board.BoardSettings;
import dev.spate.ec2.Ec2Settings;
import dev.spate.engine.EngineSettings;
import dev.spate.fleet.FleetSettings;
import dev.spate.kafka.KafkaSettings;
import dev.spate.kafka.MessageLimits;
import dev.spate.kafka.Profiles;
import dev.spate.ssh.SshSettings;
import dev.spate.tracing.TracingSettings;
import dev.spate.web.HttpSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything there is to be told, from the environment, a file, and the defaults, in this order.
 *
 * @param group the workers that share a journal and machines
 * @param secret what only they know
 * @param hosts machines that are used instead of EC2's; a client does not look at them
 * @param tracing where traces go, if anywhere
 * @param profiles named defaults for jobs
 * @param limits what a job may ask for at most
 */
public record Configuration(
        String group,
        Secret secret,
        HttpSettings http,
        KafkaSettings kafka,
        BoardSettings board,
        EngineSettings engine,
        FleetSettings fleet,
        Ec2Settings ec2,
        SshSettings ssh,
        Optional<Hosts> hosts,
        Optional<TracingSettings> tracing,
        Profiles profiles,
        MessageLimits limits) {

    private static final String GROUP_PLACEHOLDER = "spate";
    private static final String SECRET_PLACEHOLDER = "?".repeat(Secret.LENGTH_MIN);

    /** Who asks, and so what has to be there. */
    public enum Reader {
        /** A worker cannot do without a group and a secret. */
        WORKER,
        /** Whoever looks at machines has to say whose, and needs no secret. */
        OPERATOR,
        /** Whoever only talks to Kafka can do without both. */
        CLIENT
    }

    /**
     * Reads it.
     *
     * @param file a YAML file, if there is one
     * @param environment the environment variables
     * @throws ConfigurationMistakes with all that is wrong
     */
    public static Configuration read(
            Reader reader, Optional<Path> file, Map<String, String> environment) {
        List<String> mistakes = new ArrayList<>();
        YamlFile yaml = file.map(path -> YamlFile.read(path, mistakes)).orElse(YamlFile.NONE);
        Sources sources = new Sources(new Environment(environment), yaml, mistakes);
        Configuration configuration = read(reader, sources);
        List<String> found = sources.mistakes();
        if (!found.isEmpty()) {
            throw new ConfigurationMistakes(found);
        }
        return configuration;
    }

    static Configuration read(Reader reader, Sources sources) {
        Section top = new Section(sources, "");
        Components components = new Components(sources);
        boolean isWorker = reader == Reader.WORKER;
        String group = group(top, reader != Reader.CLIENT);
        Secret secret = secret(top, isWorker);
        SshSettings ssh = components.ssh();
        Ec2Settings ec2 = new Ec2Component(sources).read(group, ssh);
        return new Configuration(
                group,
                secret,
                components.http(),
                components.kafka(group),
                components.board(),
                components.engine(),
                components.fleet(group, ssh),
                ec2,
                ssh,
                hosts(sources, group, ec2, isWorker),
                components.tracing(group),
                profiles(top, sources),
                components.limits());
    }

    private static String group(Section top, boolean isRequired) {
        if (isRequired && top.optional("group").isEmpty()) {
            return top.required("group", "the group's name", GROUP_PLACEHOLDER);
        }
        return top.build(
                () ->
                        FleetSettings.defaults(top.optional("group").orElse(GROUP_PLACEHOLDER))
                                .group(),
                GROUP_PLACEHOLDER);
    }

    private static Secret secret(Section top, boolean isRequired) {
        Secret placeholder = new Secret(SECRET_PLACEHOLDER);
        if (isRequired && top.optional("secret").isEmpty()) {
            top.required("secret", "the group's secret", SECRET_PLACEHOLDER);
            return placeholder;
        }
        return top.value("secret", "", placeholder, Secret::new);
    }

    private static Optional<Hosts> hosts(
            Sources sources, String group, Ec2Settings ec2, boolean isWorker) {
        if (isWorker) {
            return new HostsComponent(sources).read(group, ec2.endpoint().override().isPresent());
        }
        // The identities are the worker's alone to read.
        var _ = sources.trees("hosts");
        return Optional.empty();
    }

    private static boolean isProfile(String name, String text) {
        var _ = Profiles.of(Map.of(name, text));
        return true;
    }

    private static Profiles profiles(Section top, Sources sources) {
        Map<String, String> json = new TreeMap<>();
        sources.trees("profiles")
                .forEach(
                        (name, tree) -> {
                            String text = tree.toString();
                            if (top.build(() -> isProfile(name, text), false)) {
                                json.put(name, text);
                            }
                        });
        return Profiles.of(json);
    }
}
