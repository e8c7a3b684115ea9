package dev.spate.fleet;

import dev.spate.job.MachineId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What is between workers and machines, and what is wrong with it. */
public final class FakeNetwork {

    /** What becomes of an exchange. */
    enum Fate {
        GOES_WELL,
        /** The connection breaks before anything was done. */
        BREAKS_BEFORE,
        /** It is done, and the reply is lost with the connection. */
        BREAKS_AFTER
    }

    private final RandomGenerator random;
    private final Map<MachineId, Way> ways = new HashMap<>();
    private final List<Connection> connections = new ArrayList<>();
    private double breakRate;

    /** The way to one machine. */
    private static final class Way {
        boolean isCut;
        boolean isLocked;
        Duration slowness = Duration.ZERO;
        @Nullable MachineId impostor;
    }

    /** A connection that stands. */
    interface Connection {
        MachineId machine();

        /** Both ends know that it is no more. */
        void sever();

        /** The other end is gone, and nobody has told this one. */
        void silence();
    }

    /**
     * @param random for what may break at any time
     */
    public FakeNetwork(RandomGenerator random) {
        this.random = random;
    }

    /** Nobody answers at the machine's address any more, and connections to it break. */
    public void cutOff(MachineId machine) {
        way(machine).isCut = true;
        sever(machine);
    }

    /** The machine can be reached. */
    public void reconnect(MachineId machine) {
        way(machine).isCut = false;
    }

    /** The machine lets nobody in, or again who has the key. */
    public void lock(MachineId machine, boolean isLocked) {
        way(machine).isLocked = isLocked;
    }

    /** The machine takes this long to let somebody in. */
    public void slow(MachineId machine, Duration time) {
        way(machine).slowness = time;
    }

    /** Another machine answers at this one's address, with a host key of its own. */
    public void impersonate(MachineId machine, MachineId by) {
        way(machine).impostor = by;
        sever(machine);
    }

    /** Breaks the connections to a machine. */
    public void sever(MachineId machine) {
        List.copyOf(connections).stream()
                .filter(connection -> connection.machine().equals(machine))
                .forEach(Connection::sever);
    }

    /** The connections to a machine go silent, without a word to this end. */
    public void silence(MachineId machine) {
        List.copyOf(connections).stream()
                .filter(connection -> connection.machine().equals(machine))
                .forEach(Connection::silence);
    }

    /** Any exchange may break its connection, one half of them after what it asked for was done. */
    public void breakAtRandom(double rate) {
        breakRate = rate;
    }

    /** Everything can be reached again. */
    public void heal() {
        ways.clear();
        breakRate = 0;
    }

    boolean isCut(MachineId machine) {
        return way(machine).isCut;
    }

    boolean isLocked(MachineId machine) {
        return way(machine).isLocked;
    }

    Duration slowness(MachineId machine) {
        return way(machine).slowness;
    }

    /** Who really answers at a machine's address. */
    MachineId answering(MachineId machine) {
        @Nullable MachineId impostor = way(machine).impostor;
        return impostor == null ? machine : impostor;
    }

    Fate ofNextExchange() {
        if (breakRate == 0 || random.nextDouble() >= breakRate) {
            return Fate.GOES_WELL;
        }
        return random.nextBoolean() ? Fate.BREAKS_BEFORE : Fate.BREAKS_AFTER;
    }

    void opened(Connection connection) {
        connections.add(connection);
    }

    void closed(Connection connection) {
        connections.remove(connection);
    }

    private Way way(MachineId machine) {
        return ways.computeIfAbsent(machine, _ -> new Way());
    }
}
