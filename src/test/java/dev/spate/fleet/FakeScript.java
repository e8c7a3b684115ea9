package dev.spate.fleet;

import dev.spate.job.Durations;
import java.time.Duration;
import java.util.Optional;

/**
 * Scripts of a {@link FakeGround}: a word or two to a line. {@code sleep 10s}, {@code exit 3},
 * {@code echo text}; one that says {@code hang} ends only when it is stopped.
 */
public final class FakeScript {

    private static final Duration FOR_EVER = Duration.ofDays(365);

    private FakeScript() {}

    /** How long it runs. */
    static Duration length(String script) {
        return script.lines().map(FakeScript::lengthOfLine).reduce(Duration.ZERO, Duration::plus);
    }

    static int exitCode(String script) {
        return script.lines()
                .filter(line -> line.strip().startsWith("exit "))
                .map(line -> Integer.parseInt(line.strip().substring("exit ".length())))
                .reduce(0, (_, last) -> last);
    }

    /** All that it writes if it runs to its end. */
    public static String output(String script) {
        return output(script, FOR_EVER.multipliedBy(100));
    }

    /** What it has written at that age. */
    static String output(String script, Duration age) {
        StringBuilder text = new StringBuilder();
        Duration time = Duration.ZERO;
        for (String line : script.lines().toList()) {
            time = time.plus(lengthOfLine(line));
            if (line.startsWith("echo ") && time.compareTo(age) <= 0) {
                text.append(line.substring("echo ".length())).append('\n');
            }
        }
        return text.toString();
    }

    /** At which age it writes next, after this one. */
    static Optional<Duration> nextOutput(String script, Duration age) {
        Duration time = Duration.ZERO;
        for (String line : script.lines().toList()) {
            time = time.plus(lengthOfLine(line));
            if (line.startsWith("echo ") && time.compareTo(age) > 0) {
                return Optional.of(time);
            }
        }
        return Optional.empty();
    }

    private static Duration lengthOfLine(String line) {
        String[] words = line.strip().split(" ", 2);
        return switch (words[0]) {
            case "sleep" -> Durations.parse(words[1]);
            case "hang" -> FOR_EVER;
            default -> Duration.ZERO;
        };
    }
}
