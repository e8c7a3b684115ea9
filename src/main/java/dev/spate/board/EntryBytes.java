package dev.spate.board;

import dev.spate.job.Failure;
import dev.spate.job.JobId;
import dev.spate.job.Outcome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The bytes in which the board keeps a job: first what lists look at, so that the rest is read only
 * of those that are shown. They name the version of their form.
 */
final class EntryBytes {

    private static final byte VERSION = 1;

    private EntryBytes() {}

    static byte[] encode(Entry entry) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(entry.record().length + 512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            write(out, entry.head());
            out.writeByte(entry.history().size());
            for (Moment moment : entry.history()) {
                write(out, moment);
            }
            out.write(entry.record());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what lists look at.
     *
     * @throws IllegalArgumentException if {@link #encode} did not write it
     */
    static Head head(byte[] bytes) {
        try (DataInputStream in = open(bytes)) {
            return readHead(in);
        } catch (IOException malformed) {
            throw unreadable(malformed);
        }
    }

    /**
     * Reads all.
     *
     * @throws IllegalArgumentException if {@link #encode} did not write it
     */
    static Entry decode(byte[] bytes) {
        try (DataInputStream in = open(bytes)) {
            Head head = readHead(in);
            int size = in.readUnsignedByte();
            List<Moment> history = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                history.add(readMoment(in));
            }
            return new Entry(head, List.copyOf(history), in.readAllBytes());
        } catch (IOException malformed) {
            throw unreadable(malformed);
        }
    }

    private static DataInputStream open(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        byte version = in.readByte();
        if (version != VERSION) {
            throw new IOException("expected version " + VERSION + ", found " + version);
        }
        return in;
    }

    private static IllegalArgumentException unreadable(IOException malformed) {
        return new IllegalArgumentException("board entry: " + malformed.getMessage(), malformed);
    }

    private static void write(DataOutputStream out, Head head) throws IOException {
        out.writeUTF(head.id().value());
        out.writeUTF(head.profile());
        write(out, head.publishedAt());
        write(out, head.updatedAt());
        out.writeLong(head.sequence());
        out.writeUTF(head.stage().name());
        out.writeUTF(head.outcome().map(Outcome::name).orElse(""));
        out.writeInt(head.machines());
        out.writeUTF(head.usdPerHour().toString());
    }

    private static Head readHead(DataInputStream in) throws IOException {
        return new Head(
                new JobId(in.readUTF()),
                in.readUTF(),
                readInstant(in),
                readInstant(in),
                in.readLong(),
                Stage.valueOf(in.readUTF()),
                Optional.of(in.readUTF()).filter(word -> !word.isEmpty()).map(Outcome::valueOf),
                in.readInt(),
                new BigDecimal(in.readUTF()));
    }

    private static void write(DataOutputStream out, Moment moment) throws IOException {
        out.writeInt(moment.attempt());
        out.writeUTF(moment.stage().name());
        write(out, moment.at());
        out.writeBoolean(moment.why().isPresent());
        if (moment.why().isPresent()) {
            out.writeUTF(moment.why().get().kind().name());
            out.writeUTF(moment.why().get().message());
        }
    }

    private static Moment readMoment(DataInputStream in) throws IOException {
        return new Moment(
                in.readInt(),
                Stage.valueOf(in.readUTF()),
                readInstant(in),
                in.readBoolean()
                        ? Optional.of(new Failure(Failure.Kind.valueOf(in.readUTF()), in.readUTF()))
                        : Optional.empty());
    }

    private static void write(DataOutputStream out, Instant instant) throws IOException {
        out.writeLong(instant.getEpochSecond());
        out.writeInt(instant.getNano());
    }

    private static Instant readInstant(DataInputStream in) throws IOException {
        return Instant.ofEpochSecond(in.readLong(), in.readInt());
    }
}
