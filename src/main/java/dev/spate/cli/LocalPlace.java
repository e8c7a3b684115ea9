package dev.spate.cli;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A directory that {@code spate local} runs in, and whether it does. The lock is the process's: it
 * is gone with it, however it ends.
 */
final class LocalPlace implements AutoCloseable {

    private static final String LOCK = "local.lock";
    private static final String CLIENT = "client.yaml";

    private static final Duration LOOKED_WITHIN = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Path directory;
    private final FileChannel lock;

    private LocalPlace(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Takes the directory, which is made if it is not there. Blocks for a second at most.
     *
     * @throws Refusal if somebody has it
     */
    static LocalPlace take(Path directory, Scheduler scheduler)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        FileChannel lock = open(directory.resolve(LOCK));
        // A command that looks whether somebody has it has it itself for a moment.
        Deadline deadline = Deadline.after(scheduler, LOOKED_WITHIN);
        while (!isTaken(lock)) {
            if (deadline.hasPassed(scheduler)) {
                lock.close();
                throw Refusal.failure(
                        directory
                                + ": another spate local runs here; --data chooses another place");
            }
            scheduler.sleep(PAUSE);
        }
        return new LocalPlace(directory, lock);
    }

    /** A configuration for commands that are to look at what runs here. */
    static Path clientFile(Path directory) {
        return directory.resolve(CLIENT);
    }

    /** The configuration for what runs at the usual place of this user, if something does. */
    static Optional<Path> running(Map<String, String> environment) {
        return usual(environment).filter(LocalPlace::isRunning).map(LocalPlace::clientFile);
    }

    /** Whether commands find the directory by themselves. */
    static boolean isUsual(Path directory, Map<String, String> environment) {
        return usual(environment).filter(directory.toAbsolutePath()::equals).isPresent();
    }

    private static Optional<Path> usual(Map<String, String> environment) {
        return Optional.ofNullable(environment.get("HOME"))
                .filter(home -> !home.isBlank())
                .map(home -> Path.of(home, ".cache", "spate", "local").toAbsolutePath());
    }

    /** Tells others how to reach it. */
    void announce(String clientConfiguration) throws IOException {
        Files.writeString(clientFile(directory), clientConfiguration);
    }

    /** Nobody is to reach it any more. */
    void withdraw() throws IOException {
        Files.deleteIfExists(clientFile(directory));
    }

    /** Others may have the directory. */
    @Override
    public void close() throws IOException {
        lock.close();
    }

    private static boolean isRunning(Path directory) {
        if (!Files.isReadable(clientFile(directory))) {
            return false;
        }
        try (FileChannel lock = open(directory.resolve(LOCK))) {
            return !isTaken(lock);
        } catch (IOException notOurs) {
            return false;
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** Takes the lock, until the channel is closed, unless somebody has it. */
    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            @SuppressWarnings("resource") // closed with its channel
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException bySomebodyInThisProcess) {
            return false;
        }
    }
}
