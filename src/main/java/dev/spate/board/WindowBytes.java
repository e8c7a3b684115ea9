package dev.spate.board;

import dev.spate.job.Outcome;
import dev.spate.job.Phase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** The bytes in which the board keeps a window. They name the version of their form. */
final class WindowBytes {

    private static final byte VERSION = 1;

    private WindowBytes() {}

    static byte[] encode(Window window) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(window.start().getEpochSecond());
            out.writeByte(window.settled().size());
            for (Map.Entry<Outcome, Long> settled : window.settled().entrySet()) {
                out.writeUTF(settled.getKey().name());
                out.writeLong(settled.getValue());
            }
            write(out, window.machineTime());
            out.writeUTF(window.costUsd().toString());
            out.writeByte(window.phases().size());
            for (Map.Entry<Phase, Window.PhaseTime> phase : window.phases().entrySet()) {
                out.writeUTF(phase.getKey().name());
                out.writeLong(phase.getValue().count());
                write(out, phase.getValue().sum());
                write(out, phase.getValue().max());
            }
            out.writeShort(window.profiles().size());
            for (Map.Entry<String, Window.Use> profile : window.profiles().entrySet()) {
                out.writeUTF(profile.getKey());
                out.writeLong(profile.getValue().jobs());
                write(out, profile.getValue().machineTime());
                out.writeUTF(profile.getValue().costUsd().toString());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static Window decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte version = in.readByte();
            if (version != VERSION) {
                throw new IOException("expected version " + VERSION + ", found " + version);
            }
            return read(in);
        } catch (IOException malformed) {
            throw new IllegalArgumentException(
                    "board window: " + malformed.getMessage(), malformed);
        }
    }

    private static Window read(DataInputStream in) throws IOException {
        Instant start = Instant.ofEpochSecond(in.readLong());
        Map<Outcome, Long> settled = new EnumMap<>(Outcome.class);
        for (int left = in.readUnsignedByte(); left > 0; left--) {
            settled.put(Outcome.valueOf(in.readUTF()), in.readLong());
        }
        Duration machineTime = readDuration(in);
        BigDecimal costUsd = new BigDecimal(in.readUTF());
        Map<Phase, Window.PhaseTime> phases = new EnumMap<>(Phase.class);
        for (int left = in.readUnsignedByte(); left > 0; left--) {
            phases.put(
                    Phase.valueOf(in.readUTF()),
                    new Window.PhaseTime(in.readLong(), readDuration(in), readDuration(in)));
        }
        Map<String, Window.Use> profiles = new TreeMap<>();
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            profiles.put(
                    in.readUTF(),
                    new Window.Use(in.readLong(), readDuration(in), new BigDecimal(in.readUTF())));
        }
        return new Window(start, settled, machineTime, costUsd, phases, profiles);
    }

    private static void write(DataOutputStream out, Duration duration) throws IOException {
        out.writeLong(duration.getSeconds());
        out.writeInt(duration.getNano());
    }

    private static Duration readDuration(DataInputStream in) throws IOException {
        return Duration.ofSeconds(in.readLong(), in.readInt());
    }
}
