package dev.spate.simulation;

import dev.spate.async.FakeScheduler;
import dev.spate.engine.FakeTopics;
import dev.spate.engine.FakeTopicsEvent;
import dev.spate.fleet.FakeCloud;
import dev.spate.fleet.FakeCloudEvent;
import dev.spate.fleet.FakeGround;
import dev.spate.fleet.FakeNetwork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One history of a few workers, from a seed: a storm, fine weather until everything is done, and
 * the end of all workers. Used once.
 */
final class Simulation {

    /** The world's wall clock when a history begins. */
    static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    /** Longer than any job can take when nothing is in its way. */
    private static final Duration SETTLE_MAX = Duration.ofHours(1);

    private static final Duration CLOSE_MAX = Duration.ofSeconds(30);

    private final long seed;
    private final Mutation mutation;
    private final Scenario scenario;
    private final FakeScheduler clock;
    private final FakeTopics topics;
    private final History history = new History();
    private final Node.World world;
    private final Group group;
    private final List<Node> nodes = new ArrayList<>();
    private boolean isDone;
    private boolean isEmpty;

    /**
     * What came of one seed.
     *
     * @param breaches the promises that were broken
     * @param checks how often each was at stake
     * @param fingerprint the same if, and all but surely only if, the same happened
     */
    record Outcome(
            long seed,
            Mutation mutation,
            List<Breach> breaches,
            Checks checks,
            History history,
            long fingerprint) {}

    private Simulation(long seed, Mutation mutation) {
        this.seed = seed;
        this.mutation = mutation;
        SplittableRandom random = new SplittableRandom(seed);
        scenario = Scenario.of(random);
        clock = new FakeScheduler(seed);
        topics = new FakeTopics(clock);
        FakeCloud cloud = new FakeCloud(clock, random.split()).slowToStop(true);
        cloud.boot(Duration.ofSeconds(1), Duration.ofSeconds(5));
        FakeGround ground = new FakeGround(clock, cloud, new FakeNetwork(random.split()));
        topics.onEvent(event -> history.add(new Event.InTopics(event)));
        cloud.onEvent(event -> history.add(new Event.InCloud(event)));
        ground.onEvent(event -> history.add(new Event.OnGround(event)));
        mutation.world(topics, cloud, ground);
        world =
                new Node.World(
                        clock, topics, cloud, ground, scenario, mutation, history, random.split());
        group =
                new Group(
                        clock,
                        random.split(),
                        scenario.shards(),
                        process ->
                                !process.isCrashed()
                                        && !process.isPaused()
                                        && !topics.brokers().isCutOff(process.name()));
        topics.onEvent(this::seen);
        cloud.onEvent(this::seen);
    }

    /** Lets the history of a seed happen, and judges it. */
    static Outcome run(long seed, Mutation mutation) {
        return new Simulation(seed, mutation).run();
    }

    private Outcome run() {
        try {
            live();
        } catch (AssertionError brokenDown) {
            @Nullable Throwable cause = brokenDown.getCause();
            end(List.of(String.valueOf(cause == null ? brokenDown : cause)));
        }
        Checks checks = new Checks(scenario);
        List<Breach> breaches = checks.judge(history, scenario.isAbandoned());
        return new Outcome(seed, mutation, breaches, checks, history, clock.fingerprint());
    }

    private void live() {
        for (int number = 1; number <= scenario.workers(); number++) {
            Node node = new Node("w" + number, world);
            nodes.add(node);
            group.join(node);
        }
        Duration time = scenario.storm().multipliedBy(6).dividedBy(10);
        new Traffic(clock, topics, world.random().split(), scenario.shards(), time).begin();
        Weather weather = new Weather(world, nodes, group);
        weather.begin();
        clock.advance(scenario.storm());
        weather.clear();
        if (scenario.isAbandoned()) {
            nodes.forEach(Node::kill);
            clock.advance(Scenario.LEASE_MAX);
            end(List.of());
            return;
        }
        isDone = topics.isDone();
        clock.runUntil(() -> isDone, SETTLE_MAX);
        // Idle machines go, and those that nobody knows of are found, or end with their lease.
        isEmpty = isEmpty();
        clock.runUntil(() -> isEmpty, Scenario.LEASE_MAX);
        weather.over();
        nodes.forEach(node -> node.close(() -> {}));
        clock.advance(CLOSE_MAX);
        end(clock.waiting());
    }

    private void end(List<String> unfinished) {
        history.add(new Event.Ended(clock.now(), unfinished));
    }

    private void seen(FakeCloudEvent event) {
        if (event instanceof FakeCloudEvent.Stopped || event instanceof FakeCloudEvent.Made) {
            isEmpty = isEmpty();
        }
    }

    /** Whether no machine is left that one of the shards' owners has to see to. */
    private boolean isEmpty() {
        return world.cloud().machinesAtWork().stream()
                .noneMatch(
                        machine ->
                                machine.shard().isPresent()
                                        && machine.shard().getAsInt() < scenario.shards());
    }

    private void seen(FakeTopicsEvent event) {
        if (event instanceof FakeTopicsEvent.Committed) {
            isDone = topics.isDone();
        }
    }
}
