package dev.spate.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spate.engine.OutputLog;
import dev.spate.job.JobId;
import dev.spate.job.Member;
import dev.spate.job.RoleName;
import dev.spate.job.StreamName;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Output as Kafka records: the key names job and member, the value is the bytes as they were
 * written, headers say where they belong.
 */
final class LogRecords {

    private static final String ATTEMPT = "spate-attempt";
    private static final String STREAM = "spate-stream";
    private static final String OFFSET = "spate-offset";
    private static final String CAPPED = "spate-capped";

    private LogRecords() {}

    static ProducerRecord<byte[], byte[]> write(
            String topic,
            int partition,
            OutputLog.Source source,
            long offset,
            byte[] bytes,
            boolean isCapped) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        topic, partition, utf8(source.job() + "/" + source.member()), bytes);
        Headers headers = record.headers();
        headers.add(ATTEMPT, utf8(Integer.toString(source.attempt())));
        headers.add(STREAM, utf8(source.stream().word()));
        headers.add(OFFSET, utf8(Long.toString(offset)));
        if (isCapped) {
            headers.add(CAPPED, utf8("true"));
        }
        Traces.headers(source.trace()).forEach(h -> headers.add(h.name(), h.value()));
        return record;
    }

    /** Whether a record is of that job. */
    static boolean isOf(JobId job, byte @Nullable [] key) {
        byte[] start = utf8(job + "/");
        if (key == null || key.length < start.length) {
            return false;
        }
        return Arrays.equals(key, 0, start.length, start, 0, start.length);
    }

    /** Reads what {@link #write} wrote; empty if it was somebody else. */
    static Optional<LogEntry> read(ConsumerRecord<byte[], byte[]> record) {
        try {
            String key = text(record.key());
            String member = key.substring(key.indexOf('/') + 1);
            int dash = member.lastIndexOf('-');
            return Optional.of(
                    new LogEntry(
                            new Member(
                                    new RoleName(member.substring(0, Math.max(0, dash))),
                                    Integer.parseInt(member.substring(dash + 1))),
                            Integer.parseInt(header(record, ATTEMPT)),
                            StreamName.find(header(record, STREAM)).orElseThrow(),
                            Long.parseLong(header(record, OFFSET)),
                            record.value() == null ? new byte[0] : record.value(),
                            record.headers().lastHeader(CAPPED) != null));
        } catch (IllegalArgumentException | NoSuchElementException notOurs) {
            return Optional.empty();
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : text(header.value());
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
