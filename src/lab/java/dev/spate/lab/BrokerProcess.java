package dev.spate.lab;

import dev.spate.local.Broker;
import dev.spate.local.BrokerSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real broker in a JVM of its own, so that its heap and its compiler are not the subject's. */
final class BrokerProcess implements AutoCloseable {

    private static final String READY = "ready at ";

    private final Process process;
    private final Path data;
    private final String bootstrapServers;

    private BrokerProcess(Process process, Path data, String bootstrapServers) {
        this.process = process;
        this.data = data;
        this.bootstrapServers = bootstrapServers;
    }

    /** Starts a broker on loopback, with its data in a temporary directory; takes seconds. */
    static BrokerProcess start() throws IOException {
        Path data = Files.createTempDirectory("spate-lab-broker");
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:+UseSerialGC",
                        // Compiles little: the processors are the subject's.
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        // Its standard output is for one line only: nobody reads the rest.
                        "-Dlogback.configurationFile="
                                + System.getProperty("logback.configurationFile", ""),
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerProcess.class.getName(),
                        data.toString());
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(READY)) {
                return new BrokerProcess(process, data, line.substring(READY.length()));
            }
        }
        throw new IOException("the broker's process ended before the broker was ready");
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close(); // which the process takes as the word to end
        process.onExit()
                .completeOnTimeout(process, 10, TimeUnit.SECONDS)
                .thenCompose(late -> late.destroyForcibly().onExit())
                .join();
        try (var files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /**
     * The process itself: runs until its input ends, which it does even if the parent is killed.
     */
    public static void main(String[] arguments) throws IOException {
        try (Broker broker = Broker.start(BrokerSettings.in(Path.of(arguments[0])))) {
            System.out.println(READY + broker.bootstrapServers());
            while (System.in.read() >= 0) {
                // Nothing is ever said but the end.
            }
        }
        System.exit(0); // whatever threads the broker leaves behind
    }
}
