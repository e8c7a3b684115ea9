package dev.spate.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes the topics, and looks whether they are as they must be. Blocks as long as the client. */
public final class TopicSetup {

    /** A broker's usual limit, which every journal record fits in; see {@link MessageLimits}. */
    private static final int JOURNAL_RECORD_BYTES_MAX = 1_000_000;

    private final KafkaSettings settings;
    private final Admin admin;

    /**
     * @param admin stays the caller's
     */
    public TopicSetup(KafkaSettings settings, Admin admin) {
        this.settings = settings;
        this.admin = admin;
    }

    /**
     * Makes the topics that are not there, and leaves those that are as they are.
     *
     * @param partitions of the jobs topic and of all others: how many shards there are at most
     * @param replicas of each; empty means the cluster's default
     * @return the names of those that were made
     * @throws KafkaException if one cannot be made
     */
    public List<String> create(int partitions, Optional<Short> replicas)
            throws InterruptedException {
        if (partitions < 1) {
            throw new IllegalArgumentException(
                    "partitions: expected at least 1, found " + partitions);
        }
        List<NewTopic> wanted = new ArrayList<>();
        topics().forEach(
                        (name, config) ->
                                wanted.add(
                                        new NewTopic(name, Optional.of(partitions), replicas)
                                                .configs(config)));
        List<String> made = new ArrayList<>();
        for (var topic : admin.createTopics(wanted).values().entrySet()) {
            try {
                topic.getValue().get();
                made.add(topic.getKey());
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof TopicExistsException)) {
                    throw asKafka(failed);
                }
            }
        }
        return made;
    }

    /**
     * Looks whether the topics can serve.
     *
     * @return what is wrong, one line each, naming the topic; empty if nothing is
     * @throws KafkaException if nobody answers
     */
    public List<String> verify() throws InterruptedException {
        return complaints(topics().keySet());
    }

    /** The same, of the topics that a worker cannot do without. */
    List<String> obstacles() throws InterruptedException {
        Topics names = settings.topics();
        return complaints(List.of(names.jobs(), names.journal(), names.results(), names.rejects()));
    }

    /**
     * How many partitions the jobs topic has, and so how many shards there are; 0 if it does not
     * exist.
     *
     * @throws KafkaException if nobody answers
     */
    public int shardCount() throws InterruptedException {
        TopicDescription jobs =
                describe(List.of(settings.topics().jobs())).get(settings.topics().jobs());
        return jobs == null ? 0 : jobs.partitions().size();
    }

    private List<String> complaints(Collection<String> names) throws InterruptedException {
        Map<String, TopicDescription> found = describe(names);
        List<String> complaints = new ArrayList<>();
        names.stream()
                .filter(name -> !found.containsKey(name))
                .forEach(
                        name ->
                                complaints.add(
                                        "topic "
                                                + name
                                                + " does not exist: spate topics --create makes"
                                                + " it"));
        TopicDescription jobs = found.get(settings.topics().jobs());
        TopicDescription journal = found.get(settings.topics().journal());
        if (jobs != null
                && journal != null
                && jobs.partitions().size() != journal.partitions().size()) {
            complaints.add(
                    expected(
                            journal.name(),
                            jobs.partitions().size() + " partitions, as many as " + jobs.name(),
                            Integer.toString(journal.partitions().size())));
        }
        configs(found.keySet())
                .forEach((name, config) -> complaints.addAll(complaints(name, config)));
        return complaints;
    }

    private List<String> complaints(String name, Config config) {
        List<String> complaints = new ArrayList<>();
        String cleanup = config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
        if (name.equals(settings.topics().journal()) && !cleanup.equals("compact")) {
            complaints.add(
                    expected(name, "cleanup.policy compact", cleanup + ", which forgets jobs"));
        }
        int needed = largestRecordBytes().getOrDefault(name, 0);
        String taken = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value();
        if (Long.parseLong(taken) < needed) {
            complaints.add(expected(name, "max.message.bytes of at least " + needed, taken));
        }
        return complaints;
    }

    private static String expected(String topic, String what, String found) {
        return "topic " + topic + ": expected " + what + ", found " + found;
    }

    /** How large the records are that a worker writes, by topic. */
    private Map<String, Integer> largestRecordBytes() {
        Topics names = settings.topics();
        return Map.of(
                names.journal(),
                JOURNAL_RECORD_BYTES_MAX,
                names.results(),
                settings.resultBytesMax() + Outgoing.RESULT_EXTRA_BYTES_MAX,
                names.rejects(),
                Outgoing.REJECT_RECORD_BYTES_MAX);
    }

    private Map<String, Map<String, String>> topics() {
        Topics names = settings.topics();
        Map<String, String> kept = Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, "delete");
        Map<String, Map<String, String>> topics = new LinkedHashMap<>();
        topics.put(names.jobs(), kept);
        topics.put(
                names.journal(),
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        "compact",
                        // Replays read what is not compacted yet: keep that short.
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        Integer.toString(64 << 20),
                        TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                        "0.2"));
        topics.put(
                names.results(),
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        "delete",
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(Math.max(1 << 20, settings.resultBytesMax() + 131_072))));
        topics.put(names.rejects(), kept);
        topics.put(
                names.logs(),
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        "delete",
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(Duration.ofDays(1).toMillis()),
                        TopicConfig.RETENTION_BYTES_CONFIG,
                        Long.toString(1L << 30),
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        Integer.toString(64 << 20),
                        // Readers seek by time: one clock for all.
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        "LogAppendTime"));
        return topics;
    }

    private Map<String, TopicDescription> describe(Collection<String> names)
            throws InterruptedException {
        Map<String, TopicDescription> found = new LinkedHashMap<>();
        for (var topic : admin.describeTopics(names).topicNameValues().entrySet()) {
            try {
                found.put(topic.getKey(), topic.getValue().get());
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw asKafka(failed);
                }
            }
        }
        return found;
    }

    /** Without those that this client may not look at: a worker need not have that right. */
    private Map<String, Config> configs(Collection<String> names) throws InterruptedException {
        List<ConfigResource> resources =
                names.stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList();
        Map<String, Config> configs = new TreeMap<>();
        for (var topic : admin.describeConfigs(resources).values().entrySet()) {
            try {
                configs.put(topic.getKey().name(), topic.getValue().get());
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof AuthorizationException)) {
                    throw asKafka(failed);
                }
            }
        }
        return configs;
    }

    private static KafkaException asKafka(ExecutionException failed) {
        return failed.getCause() instanceof KafkaException kafka
                ? kafka
                : new KafkaException(failed.getCause());
    }
}
