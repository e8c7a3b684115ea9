package dev.spate.config;

import dev.spate.ec2.Ec2Settings;
import dev.spate.engine.EngineSettings;
import dev.spate.fleet.FleetSettings;
import dev.spate.kafka.KafkaSettings;
import dev.spate.kafka.MessageLimits;
import dev.spate.kafka.Profiles;
import dev.spate.ssh.SshSettings;
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
 * @param profiles named defaults for jobs
 * @param limits what a job may ask for at most
 */
public record Configuration(
        String group,
        Secret secret,
        HttpSettings http,
        KafkaSettings kafka,
        EngineSettings engine,
        FleetSettings fleet,
        Ec2Settings ec2,
        SshSettings ssh,
        Profiles profiles,
        MessageLimits limits) {

    private static final String GROUP_PLACEHOLDER = "spate";
    private static final String SECRET_PLACEHOLDER = "?".repeat(Secret.LENGTH_MIN);

    /** Who asks, and so what has to be there. */
    public enum Reader {
        /** A worker cannot do without a group and a secret. */
        WORKER,
        /** Whoever only talks to Kafka can. */
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
        String group =
                isWorker
                        ? top.required("group", "the group's name", GROUP_PLACEHOLDER)
                        : top.optional("group").orElse(GROUP_PLACEHOLDER);
        Secret secret = secret(top, isWorker);
        SshSettings ssh = components.ssh();
        return new Configuration(
                group,
                secret,
                components.http(),
                components.kafka(group),
                components.engine(),
                components.fleet(group, ssh),
                new Ec2Component(sources).read(group, ssh),
                ssh,
                profiles(top, sources),
                components.limits());
    }

    private static Secret secret(Section top, boolean isRequired) {
        Secret placeholder = new Secret(SECRET_PLACEHOLDER);
        if (isRequired && top.optional("secret").isEmpty()) {
            top.required("secret", "the group's secret", SECRET_PLACEHOLDER);
            return placeholder;
        }
        return top.value("secret", "", placeholder, Secret::new);
    }

    private static Profiles profiles(Section top, Sources sources) {
        Map<String, String> json = new TreeMap<>();
        sources.trees("profiles").forEach((name, tree) -> json.put(name, tree.toString()));
        return top.build(() -> Profiles.of(json), Profiles.none());
    }
}
