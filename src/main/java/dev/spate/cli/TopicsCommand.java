package dev.spate.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.config.Configuration;
import dev.spate.kafka.ClientProperties;
import dev.spate.kafka.KafkaSettings;
import dev.spate.kafka.TopicSetup;
import dev.spate.kafka.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spate topics}. */
@Command(
        name = "topics",
        description = "Look whether the topics are as they must be; exit code 1 if they are not.",
        footer = {"", "Example:", "  spate topics --create --partitions 12"})
final class TopicsCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

    @Option(names = "--create", description = "Make those that are not there.")
    private boolean isCreating;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "12",
            description =
                    "How many partitions they get: the most workers that share the jobs"
                            + " (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            description = "How many replicas they get (default: the cluster's).")
    private Optional<Short> replicas = Optional.empty();

    @Option(names = "--json", description = "Print what was found as JSON.")
    private boolean isJson;

    TopicsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logs.onlyTrouble();
        if (partitions < 1) {
            throw Refusal.usage("--partitions: expected at least 1, found " + partitions);
        }
        KafkaSettings kafka = options.readOrLocal(Configuration.Reader.CLIENT, terminal).kafka();
        Admin admin = Admin.create(new ClientProperties(kafka).admin());
        try {
            TopicSetup setup = new TopicSetup(kafka, admin);
            List<String> made = isCreating ? setup.create(partitions, replicas) : List.of();
            List<String> complaints = setup.verify();
            print(names(kafka.topics()), made, complaints);
            return complaints.isEmpty() ? 0 : Main.EXIT_FAILURE;
        } catch (KafkaException unreachable) {
            throw Refusal.ofKafka(kafka.bootstrapServers(), unreachable);
        } finally {
            admin.close(Duration.ofSeconds(2));
        }
    }

    private void print(List<String> names, List<String> made, List<String> complaints) {
        if (isJson) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("ok", complaints.isEmpty());
            ArrayNode topics = json.putArray("topics");
            names.forEach(
                    name -> topics.addObject().put("name", name).put("made", made.contains(name)));
            ArrayNode wrong = json.putArray("complaints");
            complaints.forEach(wrong::add);
            terminal.print(json.toString());
        } else if (complaints.isEmpty()) {
            names.forEach(name -> terminal.print(name + (made.contains(name) ? " made" : " ok")));
        } else {
            complaints.forEach(terminal::complain);
        }
    }

    private static List<String> names(Topics topics) {
        return List.of(
                topics.jobs(), topics.journal(), topics.results(), topics.rejects(), topics.logs());
    }
}
