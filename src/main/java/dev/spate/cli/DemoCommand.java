package dev.spate.cli;

import dev.spate.async.SystemScheduler;
import dev.spate.job.JobId;
import dev.spate.job.JobResult;
import dev.spate.job.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code spate demo}. */
@Command(
        name = "demo",
        description = {
            "Run every example once, on this machine, and show what came of it.",
            "Exit code 0 if everything is as expected; one example fails on purpose."
        },
        footer = {"", "Example:", "  spate demo"})
final class DemoCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(50);

    /** The examples, and what is to come of them. */
    private static final Map<String, Expected> EXAMPLES = examples();

    private final Terminal terminal;

    private record Expected(Outcome outcome, int exitCode) {}

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    private static Map<String, Expected> examples() {
        Map<String, Expected> examples = new LinkedHashMap<>();
        examples.put("hello", new Expected(Outcome.SUCCEEDED, 0));
        examples.put("build", new Expected(Outcome.SUCCEEDED, 0));
        examples.put("spot", new Expected(Outcome.SUCCEEDED, 0));
        examples.put("experiment", new Expected(Outcome.SUCCEEDED, 0));
        examples.put("failing", new Expected(Outcome.FAILED, 3));
        return Collections.unmodifiableMap(examples);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("spate-demo");
        LocalWorld.Plan plan = new LocalWorld.Plan(data, 0, 0, 4, Map.of(), Optional.empty());
        terminal.complain("Starting a broker, a simulated EC2 and a worker ...");
        Logs.onlyTrouble();
        try (Stop _ = Stop.interrupting(Thread.currentThread())) {
            try (LocalWorld world = LocalWorld.start(plan, terminal.environment())) {
                return runUntilInterrupted(world);
            } finally {
                Directories.delete(data);
            }
        } catch (InterruptedException stopped) {
            return stopped();
        }
    }

    private int runUntilInterrupted(LocalWorld world) throws IOException {
        try {
            return run(world);
        } catch (InterruptedException | InterruptException stopped) {
            // What is closed now is to be closed in full.
            var _ = Thread.interrupted();
            return stopped();
        }
    }

    private int stopped() {
        terminal.complain("Stopping ...");
        return Main.EXIT_FAILURE;
    }

    private int run(LocalWorld world) throws IOException, InterruptedException {
        Map<JobId, Expected> expected = new LinkedHashMap<>();
        Instant since;
        try (JobsTopic topic = new JobsTopic(world.configuration().kafka())) {
            for (Map.Entry<String, Expected> example : EXAMPLES.entrySet()) {
                JobId id = new JobId(example.getKey());
                topic.submit(id, resource(example.getKey()));
                expected.put(id, example.getValue());
            }
            since = topic.flush();
        }
        ResultText text = new ResultText(terminal);
        AtomicInteger wrong = new AtomicInteger();
        try (SystemScheduler scheduler = new SystemScheduler()) {
            new ResultWait(world.configuration(), scheduler)
                    .forEach(
                            expected.keySet(),
                            since,
                            TIMEOUT,
                            arrived -> {
                                JobResult result = arrived.published().result();
                                terminal.print(text.line(result));
                                if (!isAs(expected.get(result.id()), result)) {
                                    wrong.incrementAndGet();
                                    text.page(result).forEach(terminal::complain);
                                }
                            });
        }
        terminal.print(
                wrong.get() == 0
                        ? "All as expected: " + expected.size() + " jobs, one of which had to fail."
                        : wrong.get() + " of " + expected.size() + " not as expected.");
        return wrong.get() == 0 ? 0 : Main.EXIT_FAILURE;
    }

    private static boolean isAs(@Nullable Expected expected, JobResult result) {
        return expected != null
                && result.outcome() == expected.outcome()
                && result.exitCode().orElse(-1) == expected.exitCode();
    }

    private static byte[] resource(String name) throws IOException {
        String path = "/examples/" + name + ".json";
        try (InputStream in = DemoCommand.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IOException("expected the example " + path + " in the jar, found none");
            }
            return in.readAllBytes();
        }
    }
}
