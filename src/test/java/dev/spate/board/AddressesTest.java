package dev.spate.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.job.JobId;
import java.util.Properties;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

final class AddressesTest {

    @Test
    void knowsOfNobodyBeforeTheStreamHasStarted() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "board");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
        properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, "127.0.0.1:9400");
        Topology topology = new Topology();
        topology.addSource("journal", "journal");
        try (KafkaStreams streams = new KafkaStreams(topology, properties)) {
            Addresses addresses = new Addresses(streams, new Peer("127.0.0.1", 9400));
            assertThat(addresses.all()).isEmpty();
            assertThat(addresses.ownerOf(new JobId("a"))).isEmpty();
        }
    }
}
