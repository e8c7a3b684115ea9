package dev.spate.local;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An instance as the API knows it. Guarded by the lock of {@link Instances}. */
final class Instance {
    private final long number;
    private final String id;
    private final String reservationId;
    private final LaunchRequest launch;
    private final String zone;
    private final int launchIndex;
    private final Instant launchTime;
    private final InetAddress address;
    private final Duration readLag;
    private final Map<String, String> tags;
    private final List<Change> history = new ArrayList<>();
    private @Nullable Instant endNoticed;

    /**
     * A pending one.
     *
     * @param number counts the cloud's instances; describes go by it
     * @param readLag how far reads of it lag behind
     * @param nanoTime now
     */
    Instance(
            long number,
            String id,
            String reservationId,
            LaunchRequest launch,
            String zone,
            int launchIndex,
            Instant launchTime,
            InetAddress address,
            Duration readLag,
            long nanoTime) {
        this.number = number;
        this.id = id;
        this.reservationId = reservationId;
        this.launch = launch;
        this.zone = zone;
        this.launchIndex = launchIndex;
        this.launchTime = launchTime;
        this.address = address;
        this.readLag = readLag;
        this.tags = new TreeMap<>(launch.instanceTags());
        history.add(new Change(nanoTime, InstanceState.PENDING, null));
    }

    /** Why an instance is going or gone, as {@code StateReason} tells it. */
    record Reason(String code, String message) {
        static final Reason USER =
                new Reason(
                        "Client.UserInitiatedShutdown",
                        "Client.UserInitiatedShutdown: User initiated shutdown");
        static final Reason ITSELF =
                new Reason(
                        "Client.InstanceInitiatedShutdown",
                        "Client.InstanceInitiatedShutdown: Instance initiated shutdown");
        static final Reason SPOT =
                new Reason(
                        "Server.SpotInstanceTermination",
                        "Server.SpotInstanceTermination: Spot instance termination");
        static final Reason FAILED =
                new Reason(
                        "Server.InternalError", "Server.InternalError: Internal error on launch");
    }

    /** A state and since when, on the scheduler's monotonic clock. */
    record Change(long nanoTime, InstanceState state, @Nullable Reason reason) {}

    void become(InstanceState state, @Nullable Reason reason, long nanoTime) {
        history.add(new Change(nanoTime, state, reason));
    }

    /** It will be taken away at that time. */
    void noticeOf(Instant end) {
        endNoticed = end;
    }

    /** When it will be taken away, if it has been told so. */
    Optional<Instant> endNoticed() {
        return Optional.ofNullable(endNoticed);
    }

    /** What is the case. */
    Change current() {
        return history.getLast();
    }

    InstanceState state() {
        return current().state();
    }

    boolean isLive() {
        return state() == InstanceState.PENDING || state() == InstanceState.RUNNING;
    }

    /** What a lagging read sees: empty if the instance is still unknown to it. */
    Optional<Change> seenAt(long nanoTime) {
        long seen = nanoTime - readLag.toNanos();
        return history.reversed().stream()
                .filter(change -> change.nanoTime() - seen <= 0)
                .findFirst();
    }

    long number() {
        return number;
    }

    String id() {
        return id;
    }

    String reservationId() {
        return reservationId;
    }

    LaunchRequest launch() {
        return launch;
    }

    String zone() {
        return zone;
    }

    int launchIndex() {
        return launchIndex;
    }

    Instant launchTime() {
        return launchTime;
    }

    InetAddress address() {
        return address;
    }

    /** Of its root disk. */
    String volumeId() {
        return "vol-" + id.substring(2);
    }

    Map<String, String> tags() {
        return tags;
    }
}
