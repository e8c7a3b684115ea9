package dev.spate.ssh;

import dev.spate.fleet.RunStatus;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Text;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What came of a command on a machine. All of it is foreign: the machine may say what it likes.
 *
 * @param exitCode empty if the command ended without one, as when the connection broke
 * @param out what it wrote to standard output, the beginning
 * @param err what it wrote to standard error, the beginning
 */
record Reply(Optional<Integer> exitCode, String out, String err) {

    private static final Pattern SAID = Pattern.compile("^spate:(.*)\\R?", Pattern.MULTILINE);
    private static final Pattern ENDED = Pattern.compile("(exited|full) ([0-9]{1,3})");
    private static final String CLAIMED = "claimed ";
    private static final String NOTICE = "notice ";
    private static final String VANISHED = "vanished ";
    private static final int DETAIL_CHARACTERS_MAX = 4_000;

    /** What the run script answered; null if it answered nothing. */
    @Nullable String said() {
        Matcher matcher = SAID.matcher(out);
        return matcher.find() ? matcher.group(1).strip() : null;
    }

    /** The claim it told of. */
    Optional<String> claim() {
        String said = said();
        return said != null && said.startsWith(CLAIMED)
                ? Optional.of(said.substring(CLAIMED.length()))
                : Optional.empty();
    }

    /** What the cloud's notice says that it told of. */
    Optional<String> notice() {
        String said = said();
        return said != null && said.startsWith(NOTICE)
                ? Optional.of(Text.oneLine(said.substring(NOTICE.length())))
                : Optional.empty();
    }

    /** What it wrote after its answer. */
    String detail() {
        Matcher matcher = SAID.matcher(out);
        String rest = matcher.find() ? out.substring(matcher.end()) : "";
        return rest.substring(Math.max(0, rest.length() - DETAIL_CHARACTERS_MAX));
    }

    /** Whether there is no run script on the machine, or not this version of it. */
    boolean isScriptAbsent() {
        // What a shell says of a file that is not there: 127, or 2 from older ones.
        return said() == null && exitCode.filter(code -> code == 127 || code == 2).isPresent();
    }

    /** The answer as a status. */
    Answer<RunStatus> status() {
        String said = said();
        if (said == null) {
            return unexpected();
        }
        if (said.startsWith(VANISHED)) {
            return Answer.ok(
                    new RunStatus.Vanished(Text.oneLine(said.substring(VANISHED.length()))));
        }
        Matcher ended = ENDED.matcher(said);
        if (ended.matches() && Integer.parseInt(ended.group(2)) <= 255) {
            int code = Integer.parseInt(ended.group(2));
            return ended.group(1).equals("exited")
                    ? Answer.ok(new RunStatus.Exited(code))
                    : Answer.failed(
                            Failure.Kind.JOB,
                            "the machine's disk is full; the command ended with exit code " + code);
        }
        return switch (said) {
            case "none" -> Answer.ok(new RunStatus.NotStarted());
            case "running" -> Answer.ok(new RunStatus.Running());
            case "timeout" -> Answer.ok(new RunStatus.TimedOut());
            case "stopped" -> Answer.ok(new RunStatus.Stopped());
            default -> unexpected();
        };
    }

    /** A failure that says what the machine said instead of an answer. */
    <T> Answer<T> unexpected() {
        // GNU tar's words are the second, when some room was left, but too little.
        if (err.contains("No space left on device") || err.contains("Wrote only ")) {
            return Answer.failed(Failure.Kind.JOB, "the machine's disk is full");
        }
        if (exitCode.isEmpty()) {
            return Answer.failed(
                    Failure.Kind.INFRASTRUCTURE, "the connection broke before the answer came");
        }
        String wrote = err.isBlank() ? out : err;
        return Answer.failed(
                Failure.Kind.INFRASTRUCTURE,
                "the machine did not answer as expected: exit code "
                        + exitCode.get()
                        + ", "
                        + Text.quoted(wrote.strip()));
    }
}
