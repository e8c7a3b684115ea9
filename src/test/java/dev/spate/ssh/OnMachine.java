package dev.spate.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.Deadline;
import dev.spate.async.SystemScheduler;
import dev.spate.fleet.FleetEvents;
import dev.spate.fleet.Run;
import dev.spate.fleet.RunKey;
import dev.spate.fleet.RunStatus;
import dev.spate.fleet.Shell;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.InputFile;
import dev.spate.job.JobId;
import dev.spate.job.Member;
import dev.spate.job.RoleName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A machine, and a worker's connection to it. */
final class OnMachine implements AutoCloseable {

    private static final AtomicInteger JOBS = new AtomicInteger();

    final SystemScheduler scheduler = new SystemScheduler();
    final LoopbackMachine machine;
    final SshShells shells;
    final Shell shell;

    OnMachine(LoopbackMachine machine) throws InterruptedException {
        this(machine, UnaryOperator.identity());
    }

    OnMachine(LoopbackMachine machine, UnaryOperator<SshSettings> change)
            throws InterruptedException {
        this.machine = machine;
        SshSettings settings = change.apply(machine.settings());
        shells =
                new SshShells(
                        settings,
                        Logins.planted(LoopbackMachine.KEYS, settings),
                        scheduler,
                        FleetEvents.NONE);
        shell = connect();
    }

    static OnMachine in(Path home) throws InterruptedException {
        return new OnMachine(LoopbackMachine.start(home));
    }

    Shell connect() throws InterruptedException {
        return ok(shells.connect(machine.target(), soon()));
    }

    /** A connection of another owner of the shard. */
    Shell connect(long epoch) throws InterruptedException {
        return ok(shells.connect(machine.target(epoch), soon()));
    }

    Deadline soon() {
        return Deadline.after(scheduler, Duration.ofSeconds(30));
    }

    /** A run nobody has had yet. */
    static Run run(String script) {
        return run(script, Map.of(), List.of(), Duration.ofSeconds(30));
    }

    static Run run(
            String script, Map<String, String> env, List<InputFile> files, Duration timeout) {
        return new Run(
                new RunKey(
                        new JobId("job-" + JOBS.incrementAndGet()),
                        new Member(RoleName.MAIN, 0),
                        1),
                script,
                new TreeMap<>(env),
                files,
                timeout);
    }

    RunStatus start(Run run) throws InterruptedException {
        return ok(shell.start(run, soon()));
    }

    RunStatus.Ended watch(RunKey key, Output output) throws InterruptedException {
        return ok(shell.watch(key, 0, 0, output, soon()));
    }

    /** Starts a run, follows it to its end, and expects it to end by itself. */
    Output outputOf(Run run, int code) throws InterruptedException {
        start(run);
        Output output = new Output();
        assertThat(watch(run.key(), output)).isEqualTo(new RunStatus.Exited(code));
        return output;
    }

    /** The directory of a run. */
    Path directory(RunKey key) {
        return machine.home.resolve(".spate").resolve(Places.of(key));
    }

    Path work(RunKey key) {
        return directory(key).resolve("work");
    }

    static <T> T ok(Answer<T> answer) {
        assertThat(answer).isInstanceOf(Answer.Ok.class);
        return ((Answer.Ok<T>) answer).value();
    }

    static Failure failure(Answer<?> answer) {
        assertThat(answer).isInstanceOf(Answer.Failed.class);
        return ((Answer.Failed<?>) answer).failure();
    }

    @Override
    public void close() throws IOException {
        shells.close();
        machine.close();
        scheduler.close();
    }
}
