package dev.spate.simulation;

import dev.spate.engine.FakeBrokers;
import java.time.Duration;
import java.util.List;

/** What happens to workers: killed, stopped, cut off, told to end, and started again. */
final class WorkerWeather {

    private final Node.World world;
    private final List<Node> nodes;
    private final Group group;
    private final Dice dice;
    private final int ambush;
    private int moments;
    private boolean isOver;

    /**
     * @param ambush at which of the moments that have an effect a worker is killed; 0 for none
     */
    WorkerWeather(Node.World world, List<Node> nodes, Group group, Dice dice, int ambush) {
        this.world = world;
        this.nodes = nodes;
        this.group = group;
        this.dice = dice;
        this.ambush = ambush;
    }

    /** From now on no worker is started any more. */
    void over() {
        isOver = true;
    }

    Node anyNode() {
        return nodes.get(dice.random().nextInt(nodes.size()));
    }

    void kill(Fault fault, Node node) {
        if (node.isUp()) {
            dice.struck(fault, node.life().process().name());
            node.kill();
            group.silent(node);
            dice.after(20_000, () -> revive(node));
        }
    }

    void pause(Fault fault, Duration time) {
        Node node = anyNode();
        if (node.isUp() && !node.isPaused()) {
            dice.struck(fault, node.life().process().name() + " for " + time);
            node.pause();
            group.silent(node);
            world.clock().schedule(time, () -> resume(node));
        }
    }

    void resume(Node node) {
        if (node.isPaused()) {
            node.resume();
            group.heard(node);
        }
    }

    /** It goes on with the cloud and the machines, and does not know that it is replaced. */
    void cutOff(Node node) {
        if (node.isUp()) {
            String process = node.life().process().name();
            FakeBrokers brokers = world.topics().brokers();
            Duration time = Duration.ofMillis(15_000 + dice.millis(60_000));
            dice.struck(Fault.WORKER_CUT_OFF, process + " for " + time);
            brokers.cutOff(process, true);
            group.silent(node);
            world.clock()
                    .schedule(
                            time,
                            () -> {
                                brokers.cutOff(process, false);
                                group.heard(node);
                            });
        }
    }

    void close(Node node) {
        if (node.isUp() && !node.isPaused()) {
            dice.struck(Fault.WORKER_CLOSED, node.life().process().name());
            Node.Life life = node.life();
            node.close(
                    () -> {
                        group.left(life);
                        life.process().crash();
                        Duration pause = Duration.ofMillis(dice.millis(5_000));
                        world.clock().schedule(pause, () -> revive(node));
                    });
        }
    }

    void revive(Node node) {
        resume(node);
        if (node.isUp()) {
            group.heard(node);
        } else if (!isOver) {
            node.start();
            group.join(node);
        }
    }

    void jumpWallClock() {
        Node node = anyNode();
        Duration by = Duration.ofSeconds(dice.random().nextInt(-7_200, 7_200));
        dice.struck(Fault.WALL_CLOCK_JUMPS, node.life().process().name() + " by " + by);
        node.life().process().jumpWallClock(by);
    }

    /** Not once the weather has cleared up: nobody would start the worker again. */
    private void ambush(Node node) {
        if (!dice.isFine()) {
            kill(Fault.WORKER_KILLED_AT, node);
        }
    }

    /** Something has an effect: the worst of moments for whoever did it to die. */
    void moment(String process) {
        moments++;
        if (moments == ambush && !dice.isFine()) {
            for (Node node : nodes) {
                if (node.life().process().name().equals(process)) {
                    int micros = dice.random().nextInt(4) * dice.random().nextInt(2_000);
                    world.clock().schedule(Duration.ofNanos(micros * 1_000L), () -> ambush(node));
                }
            }
        }
    }
}
