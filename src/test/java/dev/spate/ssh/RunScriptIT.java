package dev.spate.ssh;

import static dev.spate.ssh.OnMachine.failure;
import static dev.spate.ssh.OnMachine.ok;
import static dev.spate.ssh.OnMachine.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.async.Scheduler;
import dev.spate.fleet.Run;
import dev.spate.fleet.RunKey;
import dev.spate.fleet.RunStatus;
import dev.spate.fleet.Setup;
import dev.spate.fleet.Shell;
import dev.spate.fleet.StaleOwner;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.InputFile;
import dev.spate.job.RelativePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The run script, under the system's shell and under busybox. */
@ParameterizedClass
@MethodSource("dev.spate.ssh.UnderShell#shells")
class RunScriptIT {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final UnderShell machine;
    private final OnMachine on;

    RunScriptIT(String shell, @TempDir Path home, @TempDir Path bin) throws Exception {
        machine = new UnderShell(shell, home, bin);
        on = machine.on;
    }

    @AfterEach
    void close() throws IOException {
        machine.close();
    }

    @Test
    void runsACommandToItsEndAndStreamsWhatItWrites() throws Exception {
        Run run =
                run(
                        "cat in/a; echo \"$X\"; echo oops >&2; pwd; exit 3",
                        Map.of("X", "x y"),
                        List.of(new InputFile(new RelativePath("in/a"), "text\n", false)),
                        LONG);

        Output output = on.outputOf(run, 3);

        assertThat(output.out()).isEqualTo("text\nx y\n" + on.work(run.key()).toRealPath() + "\n");
        assertThat(output.err()).isEqualTo("oops\n");
    }

    @Test
    void runsAScriptWithTheInterpreterItNames() throws Exception {
        assertThat(on.outputOf(run("#!/bin/cat\nshown, not run\n"), 0).out())
                .isEqualTo("#!/bin/cat\nshown, not run\n");
    }

    @Test
    void tellsTheSignalThatEndedACommand() throws Exception {
        on.outputOf(run("kill -9 $$"), 128 + 9);
    }

    @Test
    void startsOnceHoweverManyStart() throws Exception {
        Run run = run("echo started >>../count; sleep 0.5");
        List<Scheduler.Task<Answer<RunStatus>>> starts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            starts.add(on.scheduler.start("start-" + i, () -> on.shell.start(run, on.soon())));
        }
        for (var start : starts) {
            assertThat(ok(start.result().get())).isNotInstanceOf(RunStatus.Vanished.class);
        }

        on.watch(run.key(), new Output());

        assertThat(on.directory(run.key()).resolve("count")).hasContent("started\n");
    }

    @Test
    void onlyReportsWhenARunIsStartedAgain() throws Exception {
        Run run = run("exit 7");
        on.outputOf(run, 7);

        assertThat(on.start(run)).isEqualTo(new RunStatus.Exited(7));
    }

    @Test
    void knowsNothingOfARunThatWasNeverStarted() throws Exception {
        RunKey key = run("true").key();

        assertThat(ok(on.shell.status(key, on.soon()))).isEqualTo(new RunStatus.NotStarted());
        assertThat(on.watch(key, new Output())).isInstanceOf(RunStatus.Vanished.class);
    }

    @Test
    void endsARunAtItsTimeLimit() throws Exception {
        Run run =
                run(
                        "echo begun; sleep 4711 & sleep 4711",
                        Map.of(),
                        List.of(),
                        Duration.ofSeconds(1));
        on.start(run);
        Output output = new Output();

        assertThat(on.watch(run.key(), output)).isEqualTo(new RunStatus.TimedOut());
        assertThat(output.out()).isEqualTo("begun\n");
        assertThat(processesOf(run.key())).isEmpty();
    }

    @Test
    void stopsTheWholeTreeOfProcesses() throws Exception {
        Run run =
                run(
                        """
                        setsid sleep 4712 &
                        (trap '' TERM; sleep 4712; sleep 4712) &
                        sh -c 'sleep 4712 & wait' &
                        touch ready; wait
                        """);
        on.start(run);
        Awaitility.await().until(() -> Files.exists(on.work(run.key()).resolve("ready")));

        ok(on.shell.stop(run.key(), on.soon()));

        assertThat(processesOf(run.key())).isEmpty();
        assertThat(ok(on.shell.status(run.key(), on.soon()))).isEqualTo(new RunStatus.Stopped());
    }

    @Test
    void leavesNothingRunningWhenTheCommandHasEnded() throws Exception {
        Run run = run("sleep 4713 & exit 0");

        on.outputOf(run, 0);

        assertThat(processesOf(run.key())).isEmpty();
    }

    @Test
    void neverStartsWhatWasStoppedBefore() throws Exception {
        Run run = run("touch canary");

        ok(on.shell.stop(run.key(), on.soon()));

        assertThat(on.start(run)).isEqualTo(new RunStatus.Stopped());
        assertThat(on.watch(run.key(), new Output())).isEqualTo(new RunStatus.Stopped());
    }

    @Test
    void tellsThatARunHasVanishedWhenItsSupervisorWasKilled() throws Exception {
        Run run = run("touch ready; sleep 4714");
        on.start(run);
        Awaitility.await().until(() -> Files.exists(on.work(run.key()).resolve("ready")));
        Path pid = on.directory(run.key()).resolve("pid");
        long supervisor = Long.parseLong(Files.readString(pid).replaceAll(" .*\n", ""));

        ProcessHandle.of(supervisor).orElseThrow().destroyForcibly();

        assertThat(on.watch(run.key(), new Output())).isInstanceOf(RunStatus.Vanished.class);
        assertThat(processesOf(run.key())).isEmpty();
    }

    @Test
    void preparesTheMachineOnceThoughTwoAskForIt() throws Exception {
        Setup setup = setup("echo prepared >>../../count; sleep 0.3; echo $X", Map.of("X", "y"));
        var one = on.scheduler.start("one", () -> on.shell.setUp(setup, on.soon()));
        var two = on.scheduler.start("two", () -> on.shell.setUp(setup, on.soon()));

        ok(one.result().get());
        ok(two.result().get());
        ok(on.shell.setUp(setup, on.soon()));

        assertThat(on.machine.home.resolve(".spate/setup/count")).hasContent("prepared\n");
    }

    @Test
    void preparesAgainWhatHasFailedAndShowsTheEndOfWhatItWrote() throws Exception {
        Setup setup = setup("echo no such package; [ -e ../../mended ] || exit 9", Map.of());

        assertThat(failure(on.shell.setUp(setup, on.soon())))
                .isEqualTo(
                        new Failure(
                                Failure.Kind.JOB,
                                "i-loopback: the setup ended with exit code 9: no such package"));
        Files.createFile(on.machine.home.resolve(".spate/setup/mended"));
        ok(on.shell.setUp(setup, on.soon()));
    }

    @Test
    void goesOnWithAPreparationAfterTheConnectionBroke() throws Exception {
        Setup setup = setup("echo x >>../../count; touch ../../begun; sleep 1", Map.of());
        var broken = on.scheduler.start("setup", () -> on.shell.setUp(setup, on.soon()));
        Awaitility.await().until(() -> Files.exists(on.machine.home.resolve(".spate/setup/begun")));

        on.machine.dropConnections();

        assertThat(failure(broken.result().get()).kind()).isEqualTo(Failure.Kind.INFRASTRUCTURE);
        ok(on.connect().setUp(setup, on.soon()));
        assertThat(on.machine.home.resolve(".spate/setup/count")).hasContent("x\n");
    }

    @Test
    void resumesWatchingWithoutGapOrDuplicate() throws Exception {
        Run run = run("i=0; while [ $i -lt 150 ]; do echo line $i; i=$((i+1)); sleep 0.01; done");
        on.start(run);
        Output output = new Output();
        var broken =
                on.scheduler.start(
                        "watch", () -> on.shell.watch(run.key(), 0, 0, output, on.soon()));
        Awaitility.await().until(() -> output.out().contains("line 20\n"));

        on.machine.dropConnections();

        assertThat(failure(broken.result().get()).kind()).isEqualTo(Failure.Kind.INFRASTRUCTURE);
        long offset = output.out().length();
        assertThat(ok(on.connect().watch(run.key(), offset, 0, output, on.soon())))
                .isEqualTo(new RunStatus.Exited(0));
        assertThat(output.out().lines().count()).isEqualTo(150);
    }

    @Test
    void passesOverWhatNobodyWantsOfALotOfOutput() throws Exception {
        long bytes = 64L << 20;
        Run run =
                run(
                        "echo begin; head -c "
                                + bytes
                                + " /dev/zero; echo end; echo first >&2; echo last >&2");
        on.start(run);
        Extract extract = new Extract(10, 10);

        assertThat(ok(on.shell.watch(run.key(), 0, 0, extract, on.soon())))
                .isEqualTo(new RunStatus.Exited(0));

        assertThat(extract.out.seen).isEqualTo(bytes + "begin\nend\n".length());
        assertThat(extract.out.head()).startsWith("begin\n");
        assertThat(extract.out.tail()).endsWith("\0end\n");
        assertThat(extract.out.received).isLessThan(16 << 20);
        assertThat(extract.err.head()).isEqualTo("first\nlast\n");
    }

    @Test
    void passesOverWhatWasWrittenBeforeSomebodyElseWatched() throws Exception {
        long bytes = 64L << 20;
        Run run = run("head -c " + bytes + " /dev/zero; touch ready; sleep 1; echo end");
        on.start(run);
        Awaitility.await().until(() -> Files.exists(on.work(run.key()).resolve("ready")));
        Extract extract = new Extract(10, 10);

        ok(on.shell.watch(run.key(), 0, 0, extract, on.soon()));

        assertThat(extract.out.seen).isEqualTo(bytes + "end\n".length());
        assertThat(extract.out.received).isLessThan(4 << 20);
        assertThat(extract.out.tail()).endsWith("\0\0end\n");
    }

    @Test
    void handsOverEverythingToWhoeverWantsIt() throws Exception {
        long bytes = 8L << 20;
        Run run = run("head -c " + bytes + " /dev/zero; echo end");

        assertThat(on.outputOf(run, 0).out()).hasSize((int) bytes + "end\n".length());
    }

    @Test
    void doesNothingForAnOwnerAfterWhomThereHasBeenAnother() throws Exception {
        Run run = run("touch ready; sleep 4715");
        on.start(run);
        Awaitility.await().until(() -> Files.exists(on.work(run.key()).resolve("ready")));
        Shell later = on.connect(2);
        var watching =
                on.scheduler.start(
                        "watch", () -> later.watch(run.key(), 0, 0, new Output(), on.soon()));
        Path mark = on.directory(run.key()).resolve("../../owner.2");
        Awaitility.await().until(() -> Files.exists(mark));

        assertThatThrownBy(() -> on.start(run)).isInstanceOf(StaleOwner.class);
        assertThatThrownBy(() -> on.shell.stop(run.key(), on.soon()))
                .isInstanceOf(StaleOwner.class);
        assertThatThrownBy(() -> on.watch(run.key(), new Output())).isInstanceOf(StaleOwner.class);

        assertThat(ok(later.status(run.key(), on.soon()))).isEqualTo(new RunStatus.Running());
        ok(later.stop(run.key(), on.soon()));
        assertThat(ok(watching.result().get())).isEqualTo(new RunStatus.Stopped());
    }

    @Test
    void startsNothingForAnOwnerAfterWhomThereHasBeenAnother() throws Exception {
        Run run = run("touch canary");
        ok(on.connect(2).stop(run.key(), on.soon()));
        Run next =
                new Run(
                        new RunKey(run.key().job(), run.key().member(), 2),
                        run.script(),
                        run.env(),
                        run.files(),
                        run.timeout());

        assertThatThrownBy(() -> on.start(next)).isInstanceOf(StaleOwner.class);

        assertThat(on.directory(next.key())).doesNotExist();
        assertThat(on.machine.home.resolve(".spate/_in")).isEmptyDirectory();
    }

    @Test
    void looksAtNoWallClock() throws Exception {
        // A machine whose clock nobody may believe.
        Path canary = on.machine.home.resolve("canary");
        machine.replace("date", "touch " + canary + "; echo 0\n");
        on.outputOf(run("exit 0"), 0);
        ok(on.shell.extendLease(Duration.ofMinutes(10), on.soon()));
        Run late = run("sleep 4716", Map.of(), List.of(), Duration.ofSeconds(1));
        on.start(late);

        assertThat(on.watch(late.key(), new Output())).isEqualTo(new RunStatus.TimedOut());

        assertThat(canary).doesNotExist();
        assertThat(RunScript.bundled().text()).doesNotContain("date +", " -nt ", " -ot ", "mtime");
    }

    @Test
    void takesNoTextForACommand() throws Exception {
        Path canary = on.machine.home.resolve("canary");
        List<String> nasty =
                List.of(
                        "$(touch CANARY)",
                        "`touch CANARY`",
                        "'; touch CANARY; '",
                        "\"; touch CANARY; \"",
                        "\n touch CANARY \n",
                        "'\ntouch CANARY\n'",
                        "\\'; touch CANARY #",
                        "| touch CANARY &",
                        "$X ${X} \\\\ * ? [ ~ # é \u0081 \u2028 😀");
        for (String pattern : nasty) {
            String text = pattern.replace("CANARY", canary.toString());
            String name = pattern.replaceAll("[/\\n\\\\\u0081\u2028]", "-");
            Run run =
                    run(
                            "printf %s \"$V\"; cat ./*/file; ls >&2",
                            Map.of("V", text),
                            List.of(new InputFile(new RelativePath(name + "/file"), text, false)),
                            LONG);

            Output output = on.outputOf(run, 0);

            assertThat(output.out()).isEqualTo(text + text);
            assertThat(canary).doesNotExist();
            assertThat(on.shell.fetch(run.key(), new RelativePath(name + "/file"), on.soon()))
                    .isInstanceOf(Answer.Ok.class);
        }
        assertThat(canary).doesNotExist();
    }

    @Test
    void tellsTheWatchdogHowLongTheMachineMayLive() throws Exception {
        ok(on.shell.extendLease(Duration.ofMinutes(10), on.soon()));

        String uptime = Files.readString(Path.of("/proc/uptime"));
        long now = Long.parseLong(uptime.substring(0, uptime.indexOf('.')));
        String lease = Files.readString(on.machine.home.resolve("root/run/spate/lease"));
        assertThat(Long.parseLong(lease.strip())).isBetween(now + 595, now + 601);
    }

    @Test
    void bearsFilesWithLongNames() throws Exception {
        String path = "d".repeat(120) + "/" + "f".repeat(130);
        Run run =
                run(
                        "cat */*",
                        Map.of(),
                        List.of(new InputFile(new RelativePath(path), "deep", false)),
                        LONG);

        assertThat(on.outputOf(run, 0).out()).isEqualTo("deep");
    }

    private static Setup setup(String script, Map<String, String> env) {
        return new Setup("cd".repeat(32), script, new TreeMap<>(env), LONG);
    }

    /** The processes that carry the run's mark. */
    private List<String> processesOf(RunKey key) throws IOException {
        String mark = "SPATE_RUN_MARK=" + on.directory(key).toRealPath() + "/";
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process -> contentOf(process.resolve("environ")).contains(mark))
                    .map(process -> contentOf(process.resolve("cmdline")))
                    .toList();
        }
    }

    private static String contentOf(Path file) {
        try {
            return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
