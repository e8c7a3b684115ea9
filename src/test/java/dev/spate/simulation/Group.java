package dev.spate.simulation;

import dev.spate.async.FakeProcess;
import dev.spate.async.FakeScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The consumer group: gives each shard to one of the workers it hears of, and moves shards when
 * workers come and go. It does not know more than heartbeats tell: a worker that is stopped is dead
 * to it when its session is over, and learns of that when it goes on.
 */
final class Group {

    /** How long whoever has to give a shard back may take. */
    private static final Duration REVOKE_MAX = Duration.ofSeconds(8);

    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    private final FakeScheduler clock;
    private final SplittableRandom random;
    private final Predicate<FakeProcess> hears;
    private final List<Member> members = new ArrayList<>();
    private final List<Seat> seats = new ArrayList<>();

    /** A worker's process, as the group knows it. */
    private record Member(Node node, Node.Life life) {}

    /** A shard's place in the group. */
    private static final class Seat {
        final int shard;
        @Nullable Member owner;
        boolean isMoving;

        Seat(int shard) {
            this.shard = shard;
        }
    }

    /**
     * @param hears whether the group hears of a process at present
     */
    Group(FakeScheduler clock, SplittableRandom random, int shards, Predicate<FakeProcess> hears) {
        this.clock = clock;
        this.hears = hears;
        this.random = random;
        for (int shard = 0; shard < shards; shard++) {
            seats.add(new Seat(shard));
        }
    }

    /** A process that has just started, or goes on after it was thought dead. */
    void join(Node node) {
        Member member = new Member(node, node.life());
        members.add(member);
        clock.schedule(HEARTBEAT, this::balance);
    }

    /** A process has been killed, stopped or cut off: nothing is heard of it from now on. */
    void silent(Node node) {
        Node.Life life = node.life();
        clock.schedule(
                Scenario.SESSION,
                () -> {
                    if (!hears.test(life.process())) {
                        expel(life);
                    }
                });
    }

    /** A process is heard of again: it hears what has become of its shards. */
    void heard(Node node) {
        Node.Life life = node.life();
        if (!isMember(life)) {
            clock.schedule(
                    HEARTBEAT.multipliedBy(1 + random.nextInt(3)),
                    () -> {
                        if (hears.test(life.process()) && !isMember(life)) {
                            seats.forEach(
                                    seat -> {
                                        var _ = life.source().lose(seat.shard);
                                    });
                            join(node);
                        }
                    });
        }
    }

    private boolean isMember(Node.Life life) {
        return members.stream().anyMatch(member -> member.life.equals(life));
    }

    /** A process has left in good order. */
    void left(Node.Life life) {
        expel(life);
    }

    /** Moves some shard to some worker, in good order. */
    void moveSome() {
        Seat seat = seats.get(random.nextInt(seats.size()));
        if (!members.isEmpty()) {
            move(seat, members.get(random.nextInt(members.size())));
        }
    }

    private void expel(Node.Life life) {
        members.removeIf(member -> member.life.equals(life));
        for (Seat seat : seats) {
            if (seat.owner != null && seat.owner.life.equals(life)) {
                seat.owner = null;
            }
        }
        balance();
    }

    private void balance() {
        for (Seat seat : seats) {
            if (seat.owner == null && !seat.isMoving && !members.isEmpty()) {
                give(seat, leastLoaded());
            }
        }
        if (members.isEmpty()) {
            return;
        }
        for (Seat seat : seats) {
            Member owner = seat.owner;
            Member least = leastLoaded();
            if (owner != null && !seat.isMoving && load(owner) > load(least) + 1) {
                move(seat, least);
            }
        }
    }

    private void give(Seat seat, Member member) {
        seat.owner = member;
        member.life.source().assign(seat.shard);
    }

    private void move(Seat seat, Member to) {
        Member from = seat.owner;
        if (from == null || seat.isMoving || from.equals(to)) {
            return;
        }
        seat.isMoving = true;
        CompletableFuture<Void> let = new CompletableFuture<>();
        var _ =
                from.life
                        .source()
                        .revoke(seat.shard)
                        .whenComplete(
                                (_, _) -> clock.schedule(Duration.ZERO, () -> let.complete(null)));
        clock.schedule(REVOKE_MAX, () -> let.complete(null));
        var _ =
                let.thenRun(
                        () -> {
                            seat.isMoving = false;
                            seat.owner = null;
                            if (members.contains(to)) {
                                give(seat, to);
                            } else {
                                balance();
                            }
                        });
    }

    private Member leastLoaded() {
        return members.stream().min(Comparator.comparingLong(this::load)).orElseThrow();
    }

    private long load(Member member) {
        return seats.stream().filter(seat -> member.equals(seat.owner)).count();
    }
}
