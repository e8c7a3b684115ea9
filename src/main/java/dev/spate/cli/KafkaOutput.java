package dev.spate.cli;

import dev.spate.async.Scheduler;
import dev.spate.job.JobId;
import dev.spate.kafka.KafkaSettings;
import dev.spate.kafka.LogPiece;
import dev.spate.kafka.LogReader;
import dev.spate.web.LiveOutput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.apache.kafka.common.KafkaException;

/** What runs write, from Kafka to the web. */
final class KafkaOutput implements LiveOutput {

    private final KafkaSettings settings;
    private final Scheduler scheduler;

    KafkaOutput(KafkaSettings settings, Scheduler scheduler) {
        this.settings = settings;
        this.scheduler = scheduler;
    }

    @Override
    public Reading read(JobId job, int shard, Instant publishedAt) throws IOException {
        try {
            return new FromKafka(
                    new LogReader(settings, job, OptionalInt.of(shard), publishedAt, scheduler));
        } catch (KafkaException why) {
            throw unreadable(why);
        }
    }

    private static IOException unreadable(KafkaException why) {
        return new IOException("Output cannot be read: " + why.getMessage(), why);
    }

    private record FromKafka(LogReader reader) implements Reading {

        @Override
        public List<Piece> next(Duration patience) throws IOException, InterruptedException {
            try {
                return reader.next(patience).stream().map(FromKafka::piece).toList();
            } catch (KafkaException why) {
                throw unreadable(why);
            }
        }

        @Override
        public void noMoreComes() throws IOException, InterruptedException {
            try {
                reader.untilNow();
            } catch (KafkaException why) {
                throw unreadable(why);
            }
        }

        @Override
        public boolean isAtEnd() throws IOException {
            try {
                return reader.isAtEnd();
            } catch (KafkaException why) {
                throw unreadable(why);
            }
        }

        @Override
        public void close() {
            reader.close();
        }

        private static Piece piece(LogPiece piece) {
            String stream = piece.stream().word();
            return switch (piece) {
                case LogPiece.Chunk chunk ->
                        new Piece.Chunk(
                                chunk.member(),
                                chunk.attempt(),
                                stream,
                                chunk.offset(),
                                chunk.bytes());
                case LogPiece.Gap gap ->
                        new Piece.Gap(gap.member(), gap.attempt(), stream, gap.from(), gap.to());
                case LogPiece.Capped capped ->
                        new Piece.Capped(
                                capped.member(), capped.attempt(), stream, capped.offset());
            };
        }
    }
}
