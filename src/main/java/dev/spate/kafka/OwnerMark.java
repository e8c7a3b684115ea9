package dev.spate.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * What an owner leaves in its shard's journal to say that the shard is its own: a tombstone under a
 * key that no job can have. Whoever reads the journal passes over it, and compaction removes it;
 * only its offset matters.
 */
final class OwnerMark {

    /** Not a {@link dev.spate.job.JobId}: those begin with a letter or digit. */
    private static final byte[] KEY = "@owner".getBytes(StandardCharsets.UTF_8);

    private OwnerMark() {}

    static boolean isKey(byte[] key) {
        return Arrays.equals(key, KEY);
    }

    static ProducerRecord<byte[], byte[]> record(String journal, int shard) {
        return new ProducerRecord<>(journal, shard, KEY, null);
    }

    /**
     * Commits a mark. Blocks for as long as a transaction may take.
     *
     * @param producer with its transactions initialised, and none begun
     * @return the mark's offset: higher than that of any owner before, for they are fenced
     * @throws KafkaException if it cannot be committed, or another owner has fenced this one
     */
    static long commit(Producer<byte[], byte[]> producer, String journal, int shard)
            throws InterruptedException {
        producer.beginTransaction();
        Future<RecordMetadata> sent = producer.send(record(journal, shard));
        producer.commitTransaction();
        try {
            return sent.get().offset();
        } catch (ExecutionException impossible) {
            throw new KafkaException("a send failed whose transaction did not", impossible);
        }
    }
}
