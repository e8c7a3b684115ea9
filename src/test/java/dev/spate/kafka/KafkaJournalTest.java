package dev.spate.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.async.SystemScheduler;
import dev.spate.engine.Commit;
import dev.spate.engine.Journal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class KafkaJournalTest {

    private static final KafkaSettings SETTINGS = KafkaSettings.of("127.0.0.1:9", "g");

    private final SystemScheduler scheduler = new SystemScheduler();
    private final RecordLimit limit = new RecordLimit(900 * 1024);

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void failsWhatWaitsEvenIfAnErrorStrikes() {
        KafkaJournal journal =
                journal(
                        new InMemoryProducer() {
                            @Override
                            public void beginTransaction() {
                                throw new NoClassDefFoundError("expected by the test");
                            }
                        });

        CompletableFuture<Void> first = journal.append(Commit.of(KafkaFixture.record("a")));
        assertThatThrownBy(() -> first.get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(Journal.JournalLost.class)
                .hasMessageContaining("expected by the test");

        CompletableFuture<Void> second = journal.append(Commit.of(KafkaFixture.record("b")));
        assertThatThrownBy(() -> second.get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(Journal.JournalLost.class);
    }

    @Test
    void cutsResultsShorterOnceABrokerHasRefusedOne() {
        InMemoryProducer refusing =
                new InMemoryProducer() {
                    @Override
                    public void commitTransaction() {
                        while (errorNext(new RecordTooLargeException("expected by the test"))) {}
                        throw new RecordTooLargeException("expected by the test");
                    }
                };

        CompletableFuture<Void> done =
                journal(refusing)
                        .append(Commit.of(KafkaFixture.record("a"), KafkaFixture.result("a")));

        assertThatThrownBy(() -> done.get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(Journal.JournalLost.class);
        assertThat(limit.bytesMax()).isEqualTo(450 * 1024);
    }

    @Test
    void cutsNoFurtherThanCanBeRead() {
        for (int i = 0; i < 10; i++) {
            limit.tooLarge("results", limit.bytesMax());
        }

        assertThat(limit.bytesMax()).isEqualTo(64 * 1024);
    }

    private KafkaJournal journal(InMemoryProducer producer) {
        producer.initTransactions();
        return new KafkaJournal(SETTINGS, 0, producer, scheduler.nanoTime(), limit, scheduler);
    }

    /** Takes everything, and completes nothing by itself. */
    private static class InMemoryProducer extends MockProducer<byte[], byte[]> {
        InMemoryProducer() {
            super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        }
    }
}
