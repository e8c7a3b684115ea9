package dev.spate.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A headless Chromium of its own, with a profile of its own that is gone afterwards. Safe for any
 * thread.
 */
public final class Browser implements AutoCloseable {

    private static final String TOLD = "DevTools listening on ";
    private static final List<String> PLACES =
            List.of(
                    "/usr/bin/chromium",
                    "/usr/bin/chromium-browser",
                    "/usr/bin/google-chrome",
                    "/usr/bin/google-chrome-stable");
    private static final List<String> OPTIONS =
            List.of(
                    "--headless=new",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--no-default-browser-check",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--disable-dev-shm-usage",
                    "--disable-extensions",
                    "--remote-debugging-port=0");

    private final Process process;
    private final Path profile;
    private final DevTools tools;

    private Browser(Process process, Path profile, DevTools tools) {
        this.process = process;
        this.profile = profile;
        this.tools = tools;
    }

    /**
     * Starts it. Blocks until it answers, seconds at most.
     *
     * @throws IllegalStateException if there is none; the message says what to install
     */
    public static Browser start() {
        String program = find();
        try {
            Path profile = Files.createTempDirectory("spate-browser-");
            List<String> command =
                    Stream.concat(
                                    Stream.concat(Stream.of(program), OPTIONS.stream()),
                                    Stream.of("--user-data-dir=" + profile, "about:blank"))
                            .toList();
            Process process =
                    new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return new Browser(process, profile, DevTools.connect(address(process, program)));
        } catch (IOException failed) {
            throw new UncheckedIOException(program + ": " + failed.getMessage(), failed);
        }
    }

    private static String find() {
        return Stream.concat(
                        Optional.ofNullable(System.getenv("CHROMIUM")).stream(), PLACES.stream())
                .filter(place -> Files.isExecutable(Path.of(place)))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "needs Chromium to look at the page and found none: apt-get"
                                                + " install chromium, or set CHROMIUM to its path"));
    }

    /** It tells its address on standard error, among much else; the rest has to be read, too. */
    private static URI address(Process process, String program) throws IOException {
        BufferedReader told =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8));
        StringBuilder before = new StringBuilder();
        for (@Nullable String line = told.readLine(); line != null; line = told.readLine()) {
            if (line.startsWith(TOLD)) {
                // Not virtual: reading from a pipe holds on to the thread that carries it.
                Thread.ofPlatform().daemon().name("browser-stderr").start(() -> drain(told));
                return URI.create(line.substring(TOLD.length()).strip());
            }
            before.append(line).append('\n');
        }
        throw new IOException(program + " ended without a word of its address:\n" + before);
    }

    private static void drain(BufferedReader told) {
        try (told) {
            told.transferTo(java.io.Writer.nullWriter());
        } catch (IOException ended) {
            // With the browser.
        }
    }

    /** An empty tab in a context of its own: no cookies, storage or cache of others. */
    public Tab tab() {
        String context =
                tools.call("", "Target.createBrowserContext", Map.of())
                        .required("browserContextId")
                        .asText();
        String target =
                tools.call(
                                "",
                                "Target.createTarget",
                                Map.of("url", "about:blank", "browserContextId", context))
                        .required("targetId")
                        .asText();
        JsonNode attached =
                tools.call(
                        "", "Target.attachToTarget", Map.of("targetId", target, "flatten", true));
        return new Tab(tools, attached.required("sessionId").asText(), target);
    }

    /** It and all its processes. */
    public Stream<ProcessHandle> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    /** Ends it, and waits until it is gone. */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        tools.close();
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder()).forEach(Browser::delete);
        } catch (IOException | UncheckedIOException left) {
            // A file of a process that was just ending; it lies among temporary files.
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }
}
