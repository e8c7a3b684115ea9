package dev.spate.lab;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.async.SystemScheduler;
import dev.spate.fleet.FleetEvents;
import dev.spate.fleet.RunKey;
import dev.spate.fleet.RunStatus;
import dev.spate.fleet.Shell;
import dev.spate.fleet.Shells;
import dev.spate.fleet.Target;
import dev.spate.job.Answer;
import dev.spate.job.JobId;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import dev.spate.job.Member;
import dev.spate.job.RoleName;
import dev.spate.ssh.Login;
import dev.spate.ssh.Logins;
import dev.spate.ssh.SshSettings;
import dev.spate.ssh.SshShells;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The subject: sets up as many sessions at once as it is told, and measures itself. */
final class SshMeter {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final RunKey ANY = new RunKey(new JobId("any"), new Member(RoleName.MAIN, 0), 1);

    private SshMeter() {}

    /**
     * What was measured.
     *
     * @param threads platform threads while all sessions were held open
     * @param heapMebibytes live heap then
     */
    record Reading(double sessionsPerSecond, int threads, int heapMebibytes) {

        static Reading parse(String line) {
            List<String> words = List.of(line.split(" ", -1));
            return new Reading(
                    Double.parseDouble(words.get(0)),
                    Integer.parseInt(words.get(1)),
                    Integer.parseInt(words.get(2)));
        }

        @Override
        public String toString() {
            return sessionsPerSecond + " " + threads + " " + heapMebibytes;
        }
    }

    /** Takes a number of sessions a line, and answers each with a reading. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        Login login =
                Login.read(
                        Integer.parseInt(arguments[1]),
                        "spate",
                        Files.readString(directory.resolve(SshTargets.HOST_KEY)),
                        directory.resolve(SshTargets.IDENTITY));
        try (SystemScheduler scheduler = new SystemScheduler();
                SshShells shells =
                        new SshShells(
                                SshSettings.DEFAULT,
                                Logins.listed(Map.of("target", login)),
                                scheduler,
                                FleetEvents.NONE)) {
            ChildJvm.tell("ready");
            BufferedReader questions =
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = questions.readLine(); line != null; line = questions.readLine()) {
                ChildJvm.tell(measure(shells, scheduler, Integer.parseInt(line)).toString());
            }
        }
        System.exit(0);
    }

    private static Reading measure(Shells shells, Scheduler scheduler, int sessions)
            throws Exception {
        Deadline deadline = Deadline.after(scheduler, PATIENCE);
        long began = scheduler.nanoTime();
        List<Scheduler.Task<Shell>> tasks = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            Target target =
                    new Target(
                            new MachineId("target:" + i),
                            "127.0.0.1",
                            new LaunchToken("c".repeat(64)));
            tasks.add(scheduler.start("set-up-" + i, () -> setUp(shells, target, deadline)));
        }
        List<Shell> open = new ArrayList<>();
        for (Scheduler.Task<Shell> task : tasks) {
            open.add(task.result().get());
        }
        double seconds = (scheduler.nanoTime() - began) / 1e9;
        System.gc();
        Reading reading =
                new Reading(
                        sessions / seconds,
                        ManagementFactory.getThreadMXBean().getThreadCount(),
                        (int)
                                (ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
                                        >> 20));
        open.forEach(Shell::close);
        return reading;
    }

    private static Shell setUp(Shells shells, Target target, Deadline deadline)
            throws InterruptedException {
        Shell shell = valueOf(shells.connect(target, deadline));
        RunStatus status = valueOf(shell.status(ANY, deadline));
        if (!(status instanceof RunStatus.NotStarted)) {
            throw new IllegalStateException("found " + status);
        }
        return shell;
    }

    private static <T> T valueOf(Answer<T> answer) {
        return switch (answer) {
            case Answer.Ok<T>(T value) -> value;
            case Answer.Failed<T> failed ->
                    throw new IllegalStateException(failed.failure().toString());
        };
    }
}
