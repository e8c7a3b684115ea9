package dev.spate.local;

import dev.spate.async.Scheduler;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears machines asking for their own end. Their {@code shutdown} leaves a file {@code ID.PID} in
 * one directory for all, with an action ({@code poweroff}, {@code reboot}, {@code cancel}) and a
 * delay in seconds; one look at that directory every tenth of a second serves any number of
 * machines.
 */
final class PowerSwitches implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PowerSwitches.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Pattern NAME = Pattern.compile("(i-[0-9a-f]{17})\\.\\d+");
    private static final Pattern REQUEST = Pattern.compile("([a-z]+) (\\d{1,9})\\s*");

    private final Scheduler scheduler;
    private final Path directory;
    private final BiConsumer<String, Action> listener;
    private final Map<String, Scheduler.Timer> timers = new HashMap<>();
    private final Scheduler.Task<Boolean> looking;

    /** What a machine asked for. */
    enum Action {
        POWEROFF,
        REBOOT
    }

    /**
     * Starts looking.
     *
     * @param listener called with a machine's id when its time has come; must not block
     */
    PowerSwitches(Scheduler scheduler, Path directory, BiConsumer<String, Action> listener) {
        this.scheduler = scheduler;
        this.directory = directory;
        this.listener = listener;
        this.looking = scheduler.start("power switches", this::look);
    }

    private boolean look() throws InterruptedException {
        while (true) {
            scheduler.sleep(LOOK_EVERY);
            try {
                for (Request request : requests()) {
                    obey(request);
                }
            } catch (IOException e) {
                LOG.warn("cannot read power requests: {}", e.toString());
            }
        }
    }

    private record Request(String id, String action, Duration delay, FileTime time) {}

    private List<Request> requests() throws IOException {
        List<Request> requests = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "i-*")) {
            for (Path file : files) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                Matcher request = REQUEST.matcher(Files.readString(file));
                if (name.matches() && request.matches()) {
                    requests.add(
                            new Request(
                                    name.group(1),
                                    request.group(1),
                                    Duration.ofSeconds(Long.parseLong(request.group(2))),
                                    Files.getLastModifiedTime(file)));
                }
                Files.delete(file);
            }
        } catch (NoSuchFileException e) {
            // The data directory is being removed; there will be nothing more to hear.
            return List.of();
        }
        requests.sort(Comparator.comparing(Request::time));
        return requests;
    }

    // As with shutdown(8), there is at most one timer, and the latest counts.
    private synchronized void obey(Request request) {
        Scheduler.Timer before = timers.remove(request.id());
        if (before != null) {
            before.cancel();
        }
        switch (request.action()) {
            case "poweroff" -> arm(request, Action.POWEROFF);
            case "reboot" -> arm(request, Action.REBOOT);
            case "cancel" -> {}
            default -> LOG.warn("{} asks for an unknown {}", request.id(), request.action());
        }
    }

    private void arm(Request request, Action action) {
        timers.put(
                request.id(),
                scheduler.schedule(
                        request.delay(),
                        () -> {
                            forget(request.id());
                            listener.accept(request.id(), action);
                        }));
    }

    /** Drops the timer of a machine that is off. */
    synchronized void forget(String id) {
        Scheduler.Timer timer = timers.remove(id);
        if (timer != null) {
            timer.cancel();
        }
    }

    @Override
    public synchronized void close() {
        looking.cancel();
        timers.values().forEach(Scheduler.Timer::cancel);
        timers.clear();
    }
}
