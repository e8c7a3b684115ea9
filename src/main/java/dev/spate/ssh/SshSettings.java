package dev.spate.ssh;

import dev.spate.job.Bounds;
import dev.spate.job.ByteSize;
import dev.spate.job.Text;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How to talk to machines.
 *
 * @param port where the SSH server of a launched machine listens, 1 to 65535
 * @param user who to be on a launched machine
 * @param keepAlive how often to ask a silent machine for a sign of life; after two questions
 *     without an answer the connection is given up. 1s to 20s, so that a dead one is noticed within
 *     a minute
 * @param grace how long a run that is to end has to end by itself; 0s to 10m, whole seconds count
 * @param outputs the directory that fetched outputs are put into; empty means that they are only
 *     measured
 * @param outputMax the largest output that is fetched
 */
public record SshSettings(
        int port,
        String user,
        Duration keepAlive,
        Duration grace,
        Optional<Path> outputs,
        ByteSize outputMax) {

    // First, because the constructor of what follows needs it.
    private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");

    /** What is used where nothing else is said. */
    public static final SshSettings DEFAULT =
            new SshSettings(
                    22,
                    "spate",
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(10),
                    Optional.empty(),
                    ByteSize.ofGiB(1));

    public SshSettings {
        Bounds.require("port", port, 1, 65_535);
        if (!USER.matcher(user).matches()) {
            throw new IllegalArgumentException(
                    "user: expected a user's name, found " + Text.quoted(user));
        }
        Bounds.require("keepAlive", keepAlive, Duration.ofSeconds(1), Duration.ofSeconds(20));
        Bounds.require("grace", grace, Duration.ZERO, Duration.ofMinutes(10));
    }
}
