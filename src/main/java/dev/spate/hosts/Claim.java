package dev.spate.hosts;

import dev.spate.fleet.Machine;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is written on a machine that somebody has.
 *
 * @param group whose it is
 * @param token the launch it serves
 * @param index which of the launch's machines it is
 * @param shard the launch's
 * @param since when it was claimed, by the claimer's clock
 * @param until when its lease ends, by the same
 */
record Claim(String group, LaunchToken token, int index, int shard, Instant since, Instant until) {

    private static final Pattern WRITTEN =
            Pattern.compile(
                    "([A-Za-z0-9._-]{1,64}) ([0-9a-f]{64}) (\\d{1,9}) (\\d{1,9})"
                            + " (\\d{1,12}) (\\d{1,12})");
    private static final int TOKEN_CHARACTERS = 12;

    /** Cuts times to seconds, as they are written. */
    Claim {
        since = since.truncatedTo(ChronoUnit.SECONDS);
        until = until.truncatedTo(ChronoUnit.SECONDS);
    }

    static Claim of(String group, Launch launch, int index, Instant now) {
        return new Claim(group, launch.token(), index, launch.shard(), now, launch.expiresAt());
    }

    /** Reads what {@link #toString} wrote; empty if it is something else. */
    static Optional<Claim> read(String written) {
        Matcher matcher = WRITTEN.matcher(written);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                new Claim(
                        matcher.group(1),
                        new LaunchToken(matcher.group(2)),
                        Integer.parseInt(matcher.group(3)),
                        Integer.parseInt(matcher.group(4)),
                        Instant.ofEpochSecond(Long.parseLong(matcher.group(5))),
                        Instant.ofEpochSecond(Long.parseLong(matcher.group(6)))));
    }

    /**
     * The machine's id while it is claimed. It tells this time from other times, as a cloud never
     * gives an id twice.
     */
    MachineId idOf(Host host) {
        return new MachineId(
                host.name() + ":" + token.value().substring(0, TOKEN_CHARACTERS) + "-" + index);
    }

    Machine machine(Host host) {
        return new Machine(
                idOf(host),
                Optional.of(token),
                index,
                OptionalInt.of(shard),
                Machine.State.RUNNING,
                Optional.of(host.address()),
                HostsCloud.POOL,
                since,
                Optional.of(until),
                Optional.empty());
    }

    @Override
    public String toString() {
        return String.join(
                " ",
                group,
                token.value(),
                Integer.toString(index),
                Integer.toString(shard),
                Long.toString(since.getEpochSecond()),
                Long.toString(until.getEpochSecond()));
    }
}
