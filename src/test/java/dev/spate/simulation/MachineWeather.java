package dev.spate.simulation;

import dev.spate.fleet.Machine;
import dev.spate.job.Failure;
import dev.spate.job.MachineId;
import dev.spate.job.Market;
import java.time.Duration;
import java.util.List;

/** What happens to a machine once it has been made. */
final class MachineWeather {

    private static final Failure DENIED =
            new Failure(Failure.Kind.INFRASTRUCTURE, "not allowed at the moment");

    /** Less than it takes until it is believed, all looks together. */
    private static final int DENIAL_MAX_MILLIS = 12_000;

    private static final Duration DENIALS_APART = Duration.ofSeconds(50);

    /** How long a spot machine is left after the notice. */
    private static final Duration NOTICE = Duration.ofSeconds(20);

    private final Node.World world;
    private final Dice dice;

    MachineWeather(Node.World world, Dice dice) {
        this.world = world;
        this.dice = dice;
    }

    /** A machine has been made: what will become of it? */
    void machineCame(MachineId machine, Market market) {
        if (dice.isDue(Fault.DIES_PENDING)) {
            dice.after(5_000, () -> die(Fault.DIES_PENDING, machine));
        }
        if (dice.isDue(Fault.DIES)) {
            dice.after(30_000, () -> die(Fault.DIES, machine));
        }
        if (market == Market.SPOT && dice.isDue(Fault.SPOT_TAKEN)) {
            dice.after(
                    30_000,
                    () -> {
                        dice.struck(Fault.SPOT_TAKEN, machine, "");
                        world.cloud().interrupt(machine);
                    });
        }
        if (market == Market.SPOT && dice.isDue(Fault.SPOT_NOTICE)) {
            dice.after(
                    30_000,
                    () -> {
                        dice.struck(Fault.SPOT_NOTICE, machine, "");
                        world.ground().giveNotice(machine);
                        world.clock().schedule(NOTICE, () -> world.cloud().interrupt(machine));
                    });
        }
        if (dice.isDue(Fault.NEVER_UP)) {
            dice.struck(Fault.NEVER_UP, machine, "");
            world.ground().network().cutOff(machine);
        } else if (dice.isDue(Fault.CUT_OFF)) {
            dice.after(20_000, () -> cutOff(machine));
        }
        if (dice.isDue(Fault.LOCKED)) {
            dice.struck(Fault.LOCKED, machine, "");
            world.ground().network().lock(machine, true);
        }
        if (dice.isDue(Fault.SSHD_SLOW)) {
            dice.struck(Fault.SSHD_SLOW, machine, "");
            world.ground().network().slow(machine, Duration.ofMillis(dice.millis(20_000)));
        }
        if (dice.isDue(Fault.SEVERED)) {
            dice.repeatedly(
                    () -> {
                        dice.struck(Fault.SEVERED, machine, "");
                        world.ground().network().sever(machine);
                    });
        }
        if (dice.isDue(Fault.HALF_OPEN)) {
            dice.repeatedly(
                    () -> {
                        dice.struck(Fault.HALF_OPEN, machine, "");
                        world.ground().network().silence(machine);
                    });
        }
        if (dice.isDue(Fault.DENIED)) {
            dice.after(15_000, () -> deny(machine));
            world.clock().schedule(DENIALS_APART, () -> dice.after(20_000, () -> deny(machine)));
        }
        if (dice.isDue(Fault.WILL_NOT_END)) {
            dice.struck(Fault.WILL_NOT_END, machine, "");
            world.cloud().refuseToEnd(machine, DENIED);
            dice.after(60_000, () -> world.cloud().letEnd(machine));
        }
        if (dice.isDue(Fault.IMPOSTOR)) {
            dice.after(8_000, () -> impersonate(machine));
        }
    }

    void deny(MachineId machine) {
        dice.struck(Fault.DENIED, machine, "");
        world.cloud().deny(machine, Duration.ofMillis(dice.millis(DENIAL_MAX_MILLIS)));
    }

    void die(Fault fault, MachineId machine) {
        if (world.cloud().isThere(machine)) {
            dice.struck(fault, machine, "");
            world.cloud().kill(machine);
        }
    }

    void cutOff(MachineId machine) {
        dice.struck(Fault.CUT_OFF, machine, "");
        world.ground().network().cutOff(machine);
        dice.after(20_000, () -> world.ground().network().reconnect(machine));
    }

    void impersonate(MachineId machine) {
        List<MachineId> others =
                world.cloud().there().stream()
                        .map(Machine::id)
                        .filter(other -> !world.cloud().isOfOneLaunch(other, machine))
                        .toList();
        if (!others.isEmpty()) {
            MachineId other = others.get(dice.random().nextInt(others.size()));
            dice.struck(Fault.IMPOSTOR, machine, other.toString());
            world.ground().network().impersonate(machine, other);
        }
    }
}
