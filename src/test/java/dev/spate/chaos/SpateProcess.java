package dev.spate.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A command of Spate's in a JVM of its own, with the options that {@code ./spate} gives it. */
public final class SpateProcess implements AutoCloseable {

    private static final Duration END_PATIENCE = Duration.ofSeconds(30);
    private static final Duration DUMP_PATIENCE = Duration.ofSeconds(10);

    private final Process process;
    private final BufferedReader output;

    private SpateProcess(Process process) {
        this.process = process;
        this.output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * How a command is started.
     *
     * @param jvmOptions such as the heap's size
     * @param environment on top of this process'
     * @param log where its log is appended; empty: with this process' own
     */
    public record Setting(
            List<String> jvmOptions, Map<String, String> environment, Optional<Path> log) {

        public Setting {
            jvmOptions = List.copyOf(jvmOptions);
            environment = Map.copyOf(environment);
        }

        /** A heap, and nothing else. */
        public static Setting heap(String most) {
            return new Setting(List.of("-Xmx" + most), Map.of(), Optional.empty());
        }

        /** The same with more in its environment. */
        public Setting with(Map<String, String> variables) {
            return new Setting(jvmOptions, variables, log);
        }

        /** The same with another option of the JVM's. */
        public Setting with(String jvmOption) {
            List<String> more = new ArrayList<>(jvmOptions);
            more.add(jvmOption);
            return new Setting(more, environment, log);
        }

        /** The same with a log of its own, as users have it, whatever tests have. */
        public Setting loggingTo(Path file) {
            Setting same =
                    with(
                            "-Dlogback.configurationFile="
                                    + Setting.class.getResource("/logback.xml"));
            return new Setting(same.jvmOptions, environment, Optional.of(file));
        }
    }

    /** Starts a command; does not wait for it to be ready. */
    public static SpateProcess start(Setting setting, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:+UseCompactObjectHeaders",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(setting.jvmOptions());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("dev.spate.cli.Main");
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(setting.environment());
        builder.redirectError(
                setting.log()
                        .map(file -> ProcessBuilder.Redirect.appendTo(file.toFile()))
                        .orElse(ProcessBuilder.Redirect.INHERIT));
        return new SpateProcess(builder.start());
    }

    /**
     * Waits for a line of its output that begins so.
     *
     * @return the rest of the line
     * @throws IOException if it ends first
     */
    public String await(String beginning) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(beginning)) {
                return line.substring(beginning.length());
            }
        }
        throw new IOException("a process ended before it said: " + beginning);
    }

    /** The processor time it has used, its children not counted. */
    public Duration cpuTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Its exit code; 128 and the number of the signal if one ended it; empty while it lives. */
    public Optional<Integer> exitCode() {
        return process.isAlive() ? Optional.empty() : Optional.of(process.exitValue());
    }

    /** {@code kill -9}. Returns when it is gone. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** {@code kill -TERM}. Returns at once. */
    public void terminate() {
        process.destroy();
    }

    /** {@code kill -STOP}: not a thread of it runs until {@link #resume}. */
    public void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** {@code kill -CONT}. */
    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    /** Writes what all its platform threads do to a file; as far as it still answers. */
    public void dumpThreads(Path file) throws IOException, InterruptedException {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "jstack");
        if (Files.isExecutable(tool)) {
            Process dump =
                    new ProcessBuilder(tool.toString(), Long.toString(process.pid()))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile()))
                            .start();
            if (!dump.waitFor(DUMP_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                dump.destroyForcibly();
            }
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill =
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .inheritIO()
                        .start();
        if (kill.waitFor() != 0 && process.isAlive()) {
            throw new IOException("kill -" + name + " failed");
        }
    }

    /** Ends it, by force if it takes more than half a minute. Blocks until it is gone. */
    @Override
    public void close() {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, END_PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .thenCompose(late -> late.destroyForcibly().onExit())
                .join();
    }
}
