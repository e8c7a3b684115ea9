package dev.spate.simulation;

import dev.spate.fleet.FakeCloud;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import dev.spate.job.Market;
import dev.spate.job.Pool;
import dev.spate.job.SampleJobs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What happens to the cloud and in the account: bad calls, empty pools, strange machines. */
final class CloudWeather {

    private static final List<Market> MARKETS = List.of(Market.values());
    private static final List<String> TYPES = List.of("c7i.large", "c6i.large");
    private static final List<String> ZONES = List.of("eu-west-1a", "eu-west-1b");

    private final Node.World world;
    private final Dice dice;
    private int strangers;

    CloudWeather(Node.World world, Dice dice) {
        this.world = world;
        this.dice = dice;
    }

    /** There is everything again, for everybody. */
    void clear() {
        world.cloud().faults().heal();
        world.cloud().deaf(false).lag(Duration.ZERO);
        for (Market market : MARKETS) {
            world.cloud().quota(market, Integer.MAX_VALUE);
            TYPES.forEach(type -> capacity(market, type, Integer.MAX_VALUE));
        }
        world.cloud().there().forEach(machine -> world.cloud().letEnd(machine.id()));
    }

    void spoilCalls() {
        double failures =
                world.scenario().faults().contains(Fault.CALLS_FAIL) ? dice.chance() / 2 : 0;
        double delays =
                world.scenario().faults().contains(Fault.CALLS_SLOW) ? dice.chance() / 2 : 0;
        for (FakeCloud.Action action : FakeCloud.Action.values()) {
            world.cloud().faults().rate(action, failures, delays);
        }
    }

    void takeCapacity() {
        String type = TYPES.get(dice.random().nextInt(TYPES.size()));
        Market market = MARKETS.get(dice.random().nextInt(MARKETS.size()));
        int count = dice.random().nextInt(2);
        dice.struck(Fault.NO_CAPACITY, market + " " + type + " " + count);
        capacity(market, type, count);
        dice.after(40_000, () -> capacity(market, type, Integer.MAX_VALUE));
    }

    void capacity(Market market, String type, int count) {
        for (String zone : ZONES) {
            world.cloud().capacity(new Pool(market, type, Optional.of(zone)), count);
        }
    }

    void takeQuota() {
        Market market = MARKETS.get(dice.random().nextInt(MARKETS.size()));
        int count = dice.random().nextInt(3);
        dice.struck(Fault.NO_QUOTA, market + " " + count);
        world.cloud().quota(market, count);
        dice.after(40_000, () -> world.cloud().quota(market, Integer.MAX_VALUE));
    }

    void appear(Fault fault, int shard, boolean isOfGroup) {
        strangers++;
        LaunchToken token = new LaunchToken("%064x".formatted(strangers));
        Launch like =
                new Launch(
                        token,
                        shard,
                        SampleJobs.MACHINE,
                        "ami-1",
                        new Pool(Market.ON_DEMAND, "t3.small", Optional.of(ZONES.getFirst())),
                        1,
                        Duration.ofHours(1),
                        dice.now().plus(Duration.ofHours(1)),
                        Optional.empty());
        MachineId machine =
                world.cloud().strange(like, isOfGroup ? Optional.of(token) : Optional.empty());
        dice.struck(fault, machine, "shard " + shard);
    }
}
