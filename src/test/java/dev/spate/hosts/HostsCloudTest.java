package dev.spate.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.Deadline;
import dev.spate.async.FakeScheduler;
import dev.spate.async.Scheduler;
import dev.spate.fleet.Claims;
import dev.spate.fleet.Machine;
import dev.spate.fleet.Shell;
import dev.spate.fleet.Target;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.MachineId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

final class HostsCloudTest {

    private static final String TOKEN = "a".repeat(64);
    private static final String OURS = "group " + TOKEN + " 0 3 1000 2000";
    private static final MachineId MACHINE = new MachineId("one:" + TOKEN.substring(0, 12) + "-0");

    private final FakeScheduler scheduler = new FakeScheduler();
    private final Marks marks = new Marks();
    private final HostsCloud cloud =
            new HostsCloud(
                    new HostsSettings(
                            "group", List.of(new Host("one", "h1"), new Host("two", "h2"))),
                    marks,
                    scheduler);

    @Test
    void believesAMachineToRunAsLongAsItsHostIsSilent() {
        marks.claims.put("h1", OURS);
        marks.silent.add("h1");

        assertThat(seen()).isEqualTo(Machine.State.RUNNING);

        scheduler.advance(Duration.ofDays(1));
        assertThat(seen()).isEqualTo(Machine.State.RUNNING);
    }

    @Test
    void knowsAMachineToBeGoneWhenItsHostSaysSo() {
        assertThat(seen()).isEqualTo(Machine.State.GONE);

        marks.claims.put("h1", OURS.replace(TOKEN, "b".repeat(64)));
        assertThat(seen()).isEqualTo(Machine.State.GONE);
    }

    @Test
    void listsWhatItsGroupHasAndNothingElse() {
        marks.claims.put("h1", OURS);
        marks.claims.put("h2", OURS.replace("group", "others"));

        assertThat(ok(() -> cloud.list(soon()))).extracting(Machine::id).containsExactly(MACHINE);
    }

    @Test
    void endsNothingThatAnotherGroupHas() {
        marks.claims.put("h1", OURS.replace("group", "others"));

        assertThat(ok(() -> cloud.terminate(Set.of(MACHINE), soon()))).isEmpty();

        assertThat(marks.claims).containsKey("h1");
    }

    private Machine.State seen() {
        return ok(() -> cloud.describe(Set.of(MACHINE), soon())).getFirst().state();
    }

    private Deadline soon() {
        return Deadline.after(scheduler, Duration.ofMinutes(1));
    }

    private <T> T ok(Callable<Answer<T>> call) {
        Scheduler.Task<Answer<T>> task = scheduler.start("call", call);
        scheduler.runUntil(task.result()::isDone, Duration.ofMinutes(2));
        return ((Answer.Ok<T>) task.result().join()).value();
    }

    /** What is written on the hosts, by address; who is silent answers nobody. */
    private static final class Marks implements Claims {
        final Map<String, String> claims = new HashMap<>();
        final Set<String> silent = new HashSet<>();

        @Override
        public Answer<String> claim(Target target, String claim, Deadline deadline) {
            return isSilent(target)
                    ? refusal()
                    : Answer.ok(
                            Optional.ofNullable(claims.putIfAbsent(target.address(), claim))
                                    .orElse(claim));
        }

        @Override
        public Answer<Optional<String>> claimed(Target target, Deadline deadline) {
            return isSilent(target)
                    ? refusal()
                    : Answer.ok(Optional.ofNullable(claims.get(target.address())));
        }

        @Override
        public Answer<Shell.Done> release(Target target, String claim, Deadline deadline) {
            if (isSilent(target)) {
                return refusal();
            }
            claims.remove(target.address(), claim);
            return Answer.ok(Shell.Done.DONE);
        }

        private boolean isSilent(Target target) {
            return silent.contains(target.address());
        }

        private static <T> Answer<T> refusal() {
            return Answer.failed(Failure.Kind.INFRASTRUCTURE, "no route to host");
        }
    }
}
