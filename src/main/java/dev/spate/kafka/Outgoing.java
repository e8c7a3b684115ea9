package dev.spate.kafka;

import dev.spate.engine.Commit;
import dev.spate.engine.RawMessage;
import dev.spate.engine.Reject;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.JobResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Commits as Kafka records. Every record fits a broker's limit, whatever is in the commit. */
final class Outgoing {

    private static final int KEY_BYTES_MAX = 32 * 1024;
    private static final int HEADER_BYTES_MAX = 32 * 1024;
    private static final int REJECT_BYTES_MAX = 900 * 1024;

    /** What a topic has to take: the parts of a reject, and room for what tells the reason. */
    static final int REJECT_RECORD_BYTES_MAX =
            KEY_BYTES_MAX + HEADER_BYTES_MAX + REJECT_BYTES_MAX + 16 * 1024;

    /** What goes along with a result: its key, headers, and what a batch of one adds. */
    static final int RESULT_EXTRA_BYTES_MAX = 16 * 1024;

    private final Topics topics;
    private final int shard;
    private final int cutTo;

    /**
     * @param cutTo how many bytes of a result, or of what was rejected, are sent at most
     */
    Outgoing(Topics topics, int shard, int cutTo) {
        this.topics = topics;
        this.shard = shard;
        this.cutTo = cutTo;
    }

    List<ProducerRecord<byte[], byte[]>> records(Commit commit) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (JobRecord record : commit.records()) {
            records.add(journal(record.id(), Records.encode(record)));
        }
        for (JobId id : commit.forgotten()) {
            records.add(journal(id, null));
        }
        for (JobResult result : commit.results()) {
            records.add(result(result));
        }
        for (Reject reject : commit.rejects()) {
            records.add(reject(reject));
        }
        return records;
    }

    /** What a record weighs in a batch. */
    static long bytes(ProducerRecord<byte[], byte[]> record) {
        return 100L + length(record.key()) + length(record.value());
    }

    private ProducerRecord<byte[], byte[]> journal(JobId id, byte @Nullable [] value) {
        // In the partition of its job, wherever the producer of the job has put it.
        return new ProducerRecord<>(topics.journal(), shard, utf8(id.value()), value);
    }

    private ProducerRecord<byte[], byte[]> result(JobResult result) {
        var record =
                new ProducerRecord<>(
                        topics.results(), utf8(result.id().value()), Results.encode(result, cutTo));
        Traces.headers(result.trace()).forEach(h -> record.headers().add(h.name(), h.value()));
        return record;
    }

    private ProducerRecord<byte[], byte[]> reject(Reject reject) {
        RawMessage raw = reject.raw();
        byte @Nullable [] key = start(raw.key(), KEY_BYTES_MAX);
        byte @Nullable [] value = start(raw.value(), Math.min(cutTo, REJECT_BYTES_MAX));
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topics.rejects(), key, value);
        Headers headers = record.headers();
        if (raw.headers().stream().mapToLong(Outgoing::bytes).sum() <= HEADER_BYTES_MAX) {
            raw.headers().forEach(header -> headers.add(header.name(), header.value()));
        } else {
            headers.add("spate-headers-dropped", utf8(Integer.toString(raw.headers().size())));
        }
        headers.add("spate-reason", utf8(reject.why().message()));
        headers.add("spate-reason-class", utf8(Words.of(reject.why().kind())));
        headers.add("spate-original-partition", utf8(Integer.toString(shard)));
        headers.add("spate-original-offset", utf8(Long.toString(reject.offset())));
        if (length(key) < length(raw.key())) {
            headers.add("spate-original-key-bytes", utf8(Integer.toString(length(raw.key()))));
        }
        if (length(value) < length(raw.value())) {
            headers.add("spate-original-bytes", utf8(Integer.toString(length(raw.value()))));
        }
        return record;
    }

    private static long bytes(RawMessage.Header header) {
        return 10L + 3L * header.name().length() + length(header.value());
    }

    private static byte @Nullable [] start(byte @Nullable [] bytes, int lengthMax) {
        return bytes == null || bytes.length <= lengthMax ? bytes : Arrays.copyOf(bytes, lengthMax);
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
