package dev.spate.lab;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own for a part of a benchmark, so that its heap and its compiler are not the
 * others'. It is asked a line and answers a line; it ends when its input does.
 */
final class ChildJvm implements AutoCloseable {

    private static final String MARK = "lab:";

    private final Process process;
    private final BufferedReader output;
    private final Writer input;
    private final String ready;

    private ChildJvm(Process process) throws IOException {
        this.process = process;
        this.output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.input =
                new BufferedWriter(
                        new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.ready = answer();
    }

    /** Starts a main class on a core, and waits until it says that it is ready. */
    static ChildJvm start(int core, Class<?> main, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Dlogback.configurationFile="
                                        + System.getProperty("logback.configurationFile", ""),
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()));
        command.addAll(List.of(arguments));
        return new ChildJvm(
                new ProcessBuilder(Cores.pinned(core, command))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    /** What it said when it was ready. */
    String ready() {
        return ready;
    }

    /** Asks, and waits for the answer. */
    String ask(String question) throws IOException {
        input.write(question + "\n");
        input.flush();
        return answer();
    }

    /** In the child: tells the parent something. */
    static void tell(String answer) {
        System.out.println(MARK + answer);
        System.out.flush();
    }

    private String answer() throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(MARK)) {
                return line.substring(MARK.length());
            }
        }
        throw new IOException("a part of the benchmark ended early");
    }

    @Override
    public void close() throws IOException {
        input.close();
        process.onExit()
                .completeOnTimeout(process, 10, TimeUnit.SECONDS)
                .thenCompose(late -> late.destroyForcibly().onExit())
                .join();
    }
}
