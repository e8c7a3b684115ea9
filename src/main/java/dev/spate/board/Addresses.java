package dev.spate.board;

import dev.spate.job.JobId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Where the boards of a group answer, as the workers have told one another through Kafka. Nothing
 * is known before the stream has started.
 *
 * @param streams which knows it
 * @param own where this worker answers
 */
record Addresses(KafkaStreams streams, Peer own) {

    /** Of all workers whose boards have jobs, each once; sorted. */
    List<Peer> all() {
        return clients().stream()
                .flatMap(client -> peer(client.hostInfo()).stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** Whose board has the job. */
    Optional<Peer> ownerOf(JobId id) {
        try (StringSerializer serializer = new StringSerializer()) {
            KeyQueryMetadata owner = streams.queryMetadataForKey(Fold.JOBS, id.value(), serializer);
            return owner == null ? Optional.empty() : peer(owner.activeHost());
        } catch (IllegalStateException | StreamsException notRunning) {
            return Optional.empty();
        }
    }

    /**
     * The partitions that are neither here nor where another address leads. Kafka Streams tells of
     * each address once: of workers that give the same one, only one is to be seen, which may be
     * this one or not.
     *
     * @param partitions how many there are
     * @param here those that are read here
     */
    Set<Integer> unreachable(int partitions, Set<Integer> here) {
        Set<Integer> unreachable = new TreeSet<>();
        for (int partition = 0; partition < partitions; partition++) {
            unreachable.add(partition);
        }
        unreachable.removeAll(here);
        clients().stream()
                .filter(client -> !peer(client.hostInfo()).equals(Optional.of(own)))
                .flatMap(client -> client.topicPartitions().stream())
                .map(TopicPartition::partition)
                .forEach(unreachable::remove);
        return unreachable;
    }

    private List<StreamsMetadata> clients() {
        try {
            return List.copyOf(streams.metadataForAllStreamsClients());
        } catch (IllegalStateException | StreamsException notRunning) {
            return List.of();
        }
    }

    private static Optional<Peer> peer(HostInfo host) {
        return host == null || host.equals(HostInfo.unavailable())
                ? Optional.empty()
                : Optional.of(new Peer(host.host(), host.port()));
    }
}
