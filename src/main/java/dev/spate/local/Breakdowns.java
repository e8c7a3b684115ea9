package dev.spate.local;

import dev.spate.async.Scheduler;
import java.time.Duration;

/** What happens to machines that run, if they are made for it. Thread-safe. */
final class Breakdowns {

    private final Scheduler scheduler;
    private final Luck luck;
    private final MachineRoom room;

    Breakdowns(Scheduler scheduler, Luck luck, MachineRoom room) {
        this.scheduler = scheduler;
        this.luck = luck;
        this.room = room;
    }

    /** A machine has booted: whatever is to befall it will. Returns at once. */
    void threaten(Instance instance, Machine machine) {
        Duration after = luck.within(Delay.BREAKDOWN, instance);
        for (Fault ailment : machine.ailments()) {
            switch (ailment) {
                case DROPPED_SESSIONS -> later(after, machine, () -> room.dropSessions(machine));
                case HALF_OPEN_SESSIONS ->
                        later(after, machine, () -> room.freezeSessions(machine));
                case KILLED_PROCESS -> later(after, machine, () -> killOne(machine));
                case SERVER_ERROR,
                        LOST_REPLY,
                        UNREACHABLE,
                        THROTTLED,
                        EXPIRED_CREDENTIALS,
                        NO_CAPACITY,
                        TOKEN_MISMATCH,
                        TERMINATE_DENIED,
                        TERMINATE_NOT_FOUND,
                        STUCK_PENDING,
                        FAILED_BOOT,
                        DEAD_SSHD,
                        MUTE_SSHD,
                        SLOW_SSHD,
                        WRONG_HOST_KEY,
                        BAD_LOGIN,
                        FULL_DISK,
                        WRONG_CLOCK,
                        SPOT_INTERRUPTION -> {
                    // Not a matter of a moment.
                }
            }
        }
    }

    private void later(Duration after, Machine machine, Runnable event) {
        var _ =
                scheduler.start(
                        "breakdown of " + machine.id(),
                        () -> {
                            scheduler.sleep(after);
                            event.run();
                            return true;
                        });
    }

    private static void killOne(Machine machine) {
        Processes.oldestDetached(machine)
                .ifPresent(
                        process -> {
                            machine.log("Out of memory: Killed process " + process.pid());
                            process.destroyForcibly();
                        });
    }
}
