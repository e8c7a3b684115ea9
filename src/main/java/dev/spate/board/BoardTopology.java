package dev.spate.board;

import java.time.Duration;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.UsePartitionTimeOnInvalidTimestamp;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/** The journal, what folds it, and where that keeps what it knows: in memory, and in two topics. */
final class BoardTopology {

    private static final String SOURCE = "journal";
    private static final String FOLD = "fold";

    private BoardTopology() {}

    /** Pure. One task for each partition of the journal. */
    static Topology of(
            String journal,
            Duration retention,
            ProcessorSupplier<byte[], byte @Nullable [], Void, Void> fold) {
        Topology topology = new Topology();
        topology.addSource(
                AutoOffsetReset.earliest(),
                SOURCE,
                new UsePartitionTimeOnInvalidTimestamp(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                journal);
        topology.addProcessor(FOLD, fold, SOURCE);
        // Not RocksDB: its files want a disk that can be written to, and its native library memory.
        topology.addStateStore(
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(Fold.JOBS),
                                Serdes.String(),
                                Serdes.ByteArray())
                        .withCachingEnabled(),
                FOLD);
        topology.addStateStore(
                Stores.windowStoreBuilder(
                                Stores.inMemoryWindowStore(
                                        Fold.STATISTICS, retention, Fold.WINDOW, false),
                                Serdes.String(),
                                Serdes.ByteArray())
                        .withCachingEnabled(),
                FOLD);
        return topology;
    }
}
