package dev.spate.kafka;

import dev.spate.job.Durations;
import dev.spate.job.Job;
import dev.spate.job.MachineSpec;
import dev.spate.job.Role;
import dev.spate.job.Text;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a job message may ask for at most, whoever sends it.
 *
 * @param bytesMax the size of a message, and of the job it makes with profile and defaults filled
 *     in; 1 KiB to 384 KiB, so that every journal record fits a broker's default limit
 * @param images the images that may be asked for, as patterns with {@code *} and {@code ?}; empty
 *     means any
 * @param types the machine types that may be asked for, likewise
 * @param timeoutMax the longest {@code timeout}; 1 s to 7 days
 * @param machinesMax the most machines of a job; 1 to {@link Job#MACHINES_MAX}
 */
public record MessageLimits(
        int bytesMax,
        List<String> images,
        List<String> types,
        Duration timeoutMax,
        int machinesMax) {

    /** Any image and type, and otherwise what the vocabulary itself allows. */
    public static final MessageLimits WIDEST =
            new MessageLimits(
                    256 * 1024, List.of(), List.of(), Duration.ofDays(7), Job.MACHINES_MAX);

    private static final int BYTES_MIN = 1024;
    private static final int BYTES_MAX = 384 * 1024;

    public MessageLimits {
        images = List.copyOf(images);
        types = List.copyOf(types);
        if (bytesMax < BYTES_MIN || bytesMax > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "bytesMax: expected " + BYTES_MIN + " to " + BYTES_MAX + ", found " + bytesMax);
        }
        if (timeoutMax.compareTo(Duration.ofSeconds(1)) < 0
                || timeoutMax.compareTo(Duration.ofDays(7)) > 0) {
            throw new IllegalArgumentException(
                    "timeoutMax: expected 1s to 7d, found " + Durations.format(timeoutMax));
        }
        if (machinesMax < 1 || machinesMax > Job.MACHINES_MAX) {
            throw new IllegalArgumentException(
                    "machinesMax: expected 1 to " + Job.MACHINES_MAX + ", found " + machinesMax);
        }
    }

    /** Notes what is beyond. */
    void check(Job job, Mistakes mistakes) {
        if (job.timeout().compareTo(timeoutMax) > 0) {
            mistakes.add(
                    new BadMessage(
                            "timeout",
                            "expected at most "
                                    + Durations.format(timeoutMax)
                                    + ", found "
                                    + Durations.format(job.timeout())));
        }
        int machines = job.members().size();
        if (machines > machinesMax) {
            mistakes.add(
                    new BadMessage(
                            "roles",
                            "expected at most "
                                    + machinesMax
                                    + " machines in all, found "
                                    + machines));
        }
        // Most often the roles have the same machine, and it is wrong once.
        job.roles().stream()
                .map(Role::machine)
                .distinct()
                .forEach(machine -> check(machine, mistakes));
    }

    void requireSize(String what, int bytes) {
        if (bytes > bytesMax) {
            throw new BadMessage(what, "expected at most " + bytesMax + " bytes, found " + bytes);
        }
    }

    private void check(MachineSpec machine, Mistakes mistakes) {
        if (!isListed(machine.image(), images)) {
            mistakes.add(unlisted("machine.image", machine.image(), images));
        }
        for (int i = 0; i < machine.types().size(); i++) {
            String type = machine.types().get(i);
            if (!isListed(type, types)) {
                mistakes.add(unlisted("machine.types[" + i + "]", type, types));
            }
        }
    }

    private static boolean isListed(String value, List<String> patterns) {
        return patterns.isEmpty()
                || patterns.stream().anyMatch(p -> asRegex(p).matcher(value).matches());
    }

    private static BadMessage unlisted(String place, String value, List<String> patterns) {
        return new BadMessage(
                place,
                "expected what this worker allows ("
                        + String.join(", ", patterns)
                        + "), found "
                        + Text.quoted(value));
    }

    private static Pattern asRegex(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString());
    }
}
