package dev.spate.cli;

import dev.spate.job.Captured;
import dev.spate.job.Durations;
import dev.spate.job.JobResult;
import dev.spate.job.MemberResult;
import dev.spate.job.OutputFile;
import dev.spate.job.Phase;
import dev.spate.job.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Results as people read them. Whatever comes from machines has its control characters taken out: a
 * job's output must not steer the reader's terminal.
 */
final class ResultText {

    private static final int ID_WIDTH = 28;

    private final Terminal terminal;

    ResultText(Terminal terminal) {
        this.terminal = terminal;
    }

    /** One line: id, outcome, exit code, time, error. */
    String line(JobResult result) {
        String exit = result.exitCode().isPresent() ? "exit " + result.exitCode().getAsInt() : "";
        String error = result.error().map(failure -> failure.message()).orElse("");
        // Padded before it is coloured: colours have no width.
        String gap = " ".repeat(Math.max(1, 13 - result.outcome().word().length()));
        return (pad(result.id().value(), ID_WIDTH)
                        + terminal.coloured(result.outcome())
                        + gap
                        + pad(exit, 9)
                        + pad(took(result), 10)
                        + Text.oneLine(error))
                .stripTrailing();
    }

    /** Everything. */
    List<String> page(JobResult result) {
        List<String> lines = new ArrayList<>();
        lines.add(line(result));
        lines.add("  published  " + result.publishedAt() + ", settled " + result.settledAt());
        lines.add("  attempt    " + (result.attempt() == 0 ? "none" : result.attempt()));
        if (!result.phases().isEmpty()) {
            lines.add("  phases   " + phases(result));
        }
        if (!result.machineTime().isZero()) {
            String cost = result.costUsd().map(usd -> ", " + Money.text(usd)).orElse("");
            lines.add("  machines   " + rounded(result.machineTime()) + " in all" + cost);
        }
        result.members().forEach(member -> addMember(lines, member));
        return lines;
    }

    private static String phases(JobResult result) {
        StringBuilder phases = new StringBuilder();
        for (Phase phase : Phase.values()) {
            Duration took = result.phases().get(phase);
            if (took != null) {
                phases.append("  ").append(phase.word()).append(' ').append(rounded(took));
            }
        }
        return phases.toString();
    }

    private static void addMember(List<String> lines, MemberResult member) {
        String exit = member.exitCode().isPresent() ? ", exit " + member.exitCode().getAsInt() : "";
        lines.add(
                "  "
                        + member.member()
                        + " on "
                        + member.machine()
                        + " ("
                        + member.pool()
                        + ")"
                        + exit);
        addStream(lines, "out", member.out());
        addStream(lines, "err", member.err());
        for (OutputFile file : member.outputs()) {
            lines.add(
                    "    file "
                            + file.path()
                            + ", "
                            + file.bytes()
                            + " bytes, sha256 "
                            + file.sha256()
                            + file.location().map(uri -> ", " + uri).orElse(""));
        }
    }

    private static void addStream(List<String> lines, String name, Captured stream) {
        stream.head().lines().forEach(line -> lines.add("    " + name + "  " + Text.oneLine(line)));
        if (stream.isTruncated()) {
            lines.add("    " + name + "  … " + stream.bytes() + " bytes in all …");
        }
        stream.tail().lines().forEach(line -> lines.add("    " + name + "  " + Text.oneLine(line)));
    }

    private static String took(JobResult result) {
        return rounded(Duration.between(result.publishedAt(), result.settledAt()));
    }

    /** {@code 4.5s} below a minute, whole seconds from there on. */
    static String rounded(Duration duration) {
        Duration positive = duration.isNegative() ? Duration.ZERO : duration;
        return positive.compareTo(Duration.ofMinutes(1)) < 0
                ? String.format(Locale.ROOT, "%.1fs", positive.toMillis() / 1_000.0)
                : Durations.format(Duration.ofSeconds(positive.toSeconds()));
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}
