package dev.spate.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Keeps subject and peer on cores of their own, where the system has the means. */
final class Cores {

    private Cores() {}

    /** Whether {@link #pinned} does anything. */
    static boolean canPin() {
        return Runtime.getRuntime().availableProcessors() >= 2 && find("taskset").isPresent();
    }

    /** The command line, on one core alone if that is possible. */
    static List<String> pinned(int core, List<String> command) {
        if (!canPin()) {
            return command;
        }
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core)));
        pinned.addAll(command);
        return pinned;
    }

    /** A program on the path. */
    static Optional<Path> find(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
