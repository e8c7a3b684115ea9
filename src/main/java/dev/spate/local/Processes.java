package dev.spate.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds and kills the processes of machines, whatever session they have fled to. */
final class Processes {
    private static final Path PROC = Path.of("/proc");

    /** Killing takes a few rounds where processes fork faster than they are found. */
    private static final int ROUNDS_MAX = 50;

    private Processes() {}

    /**
     * The command as leader of a session and process group of its own, where the host has setsid:
     * otherwise a {@code kill 0} in a job would hit this very process.
     */
    static List<String> inOwnSession(List<String> command) {
        return Stream.of("/usr/bin/setsid", "/bin/setsid")
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .map(setsid -> Stream.concat(Stream.of(setsid), command.stream()).toList())
                .orElse(command);
    }

    /** Kills all processes of some machines, and returns when none is left. */
    static void kill(Collection<Machine> machines) {
        Map<String, Machine> byId =
                machines.stream().collect(Collectors.toMap(Machine::id, Function.identity()));
        for (int round = 0; round < ROUNDS_MAX; round++) {
            List<ProcessHandle> found = find(byId);
            if (found.isEmpty()) {
                return;
            }
            found.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static List<ProcessHandle> find(Map<String, Machine> machines) {
        return Files.isReadable(PROC.resolve("self/environ"))
                ? findByMarker(machines.keySet())
                : machines.values().stream()
                        .flatMap(machine -> machine.started().stream())
                        .flatMap(one -> Stream.concat(Stream.of(one), one.descendants()))
                        .filter(ProcessHandle::isAlive)
                        .toList();
    }

    /** The oldest process of a machine that a login left behind and nobody waits for. */
    static Optional<ProcessHandle> oldestDetached(Machine machine) {
        return findByMarker(Set.of(machine.id())).stream()
                .filter(process -> process.parent().map(ProcessHandle::pid).orElse(1L) == 1)
                .filter(process -> !isUser("root", process))
                .min(Comparator.comparing(Processes::startedAt));
    }

    private static Instant startedAt(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.MAX);
    }

    private static boolean isUser(String name, ProcessHandle process) {
        return variable(PROC.resolve(Long.toString(process.pid())), "USER")
                .filter(name::equals)
                .isPresent();
    }

    /** Linux: the environment a process was started with names its machine. */
    static List<ProcessHandle> findByMarker(Set<String> machineIds) {
        List<ProcessHandle> found = new ArrayList<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path directory : directories) {
                if (machineOf(directory).filter(machineIds::contains).isPresent()) {
                    ProcessHandle.of(Long.parseLong(directory.getFileName().toString()))
                            .ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static Optional<String> machineOf(Path directory) {
        return variable(directory, Machine.MARKER);
    }

    private static Optional<String> variable(Path directory, String name) {
        String environment;
        try {
            environment =
                    new String(
                            Files.readAllBytes(directory.resolve("environ")),
                            StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // Gone in the meantime, or someone else's.
            return Optional.empty();
        }
        String before = name + "=";
        int start = environment.startsWith(before) ? 0 : environment.indexOf("\0" + before) + 1;
        if (start == 0 && !environment.startsWith(before)) {
            return Optional.empty();
        }
        int end = environment.indexOf('\0', start);
        return Optional.of(
                environment.substring(
                        start + before.length(), end < 0 ? environment.length() : end));
    }
}
