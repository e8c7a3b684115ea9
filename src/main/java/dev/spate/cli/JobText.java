package dev.spate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.job.Text;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Jobs as people read them, made from the API's JSON. Whatever comes from elsewhere has its control
 * characters taken out.
 */
final class JobText {

    private static final int ID_WIDTH_MIN = 12;
    private static final int ID_WIDTH_MAX = 40;
    private static final int STATE_WIDTH = 12;
    private static final String FORM = " %3s %7s %7s %4s %9s  %s";
    private static final BigDecimal MILLIS_PER_SECOND = BigDecimal.valueOf(1_000);

    private final Terminal terminal;
    private final int width;

    /**
     * @param width of a line at most; more is cut
     */
    JobText(Terminal terminal, int width) {
        this.terminal = terminal;
        this.width = width;
    }

    /** A heading and a line for each. */
    List<String> table(List<JsonNode> rows, Instant now) {
        int idWidth =
                Math.clamp(
                        rows.stream().mapToInt(row -> text(row, "id").length()).max().orElse(0),
                        ID_WIDTH_MIN,
                        ID_WIDTH_MAX);
        List<String> lines = new ArrayList<>();
        lines.add(
                cut(
                        pad("ID", idWidth)
                                + " "
                                + pad("STATE", STATE_WIDTH)
                                + FORM.formatted(
                                        "TRY", "AGE", "TOOK", "MACH", "COST", "WHY, PHASES"),
                        width));
        rows.forEach(row -> lines.add(line(row, idWidth, now)));
        return lines;
    }

    /** A line that stands alone. */
    String line(JsonNode row, Instant now) {
        return line(row, Math.max(ID_WIDTH_MIN, text(row, "id").length()), now);
    }

    /** Everything about one job. */
    List<String> page(JsonNode job, Instant now) {
        List<String> lines = new ArrayList<>();
        String asked = job.path("cancelled").asBoolean() ? ", asked to be cancelled" : "";
        lines.add(
                text(job, "id")
                        + "  "
                        + terminal.coloured(word(job))
                        + exit(job)
                        + ", attempt "
                        + job.path("attempt").asInt()
                        + asked);
        entry(lines, "why", why(job));
        entry(lines, "until", notBefore(job, now));
        entry(lines, "published", at(job, "publishedAt", now));
        entry(lines, "started", at(job, "startedAt", now));
        entry(lines, "settled", at(job, "settledAt", now));
        entry(lines, "changed", at(job, "updatedAt", now));
        entry(lines, "phases", phases(job, now));
        for (JsonNode member : job.path("members")) {
            entry(lines, "machine", member(member));
        }
        entry(lines, "spent", spent(job));
        for (JsonNode step : job.path("history")) {
            entry(lines, "history", step(step));
        }
        addMessage(lines, job);
        entry(lines, "trace", text(job, "trace"));
        // The first has a colour, and is short.
        return Stream.concat(
                        lines.stream().limit(1), lines.stream().skip(1).map(it -> cut(it, width)))
                .toList();
    }

    private String line(JsonNode row, int idWidth, Instant now) {
        Optional<Instant> published = instant(row, "publishedAt");
        String rest =
                FORM.formatted(
                        orDash(text(row, "attempt")),
                        published.map(at -> age(at, now)).orElse("-"),
                        published
                                .flatMap(at -> instant(row, "settledAt").map(end -> took(at, end)))
                                .orElse("-"),
                        orDash(text(row, "machines")),
                        cost(row).orElse("-"),
                        joined(why(row), exit(row), phases(row, now)));
        String state = word(row);
        String gap = " ".repeat(Math.max(0, STATE_WIDTH - state.length()));
        String id = pad(Text.start(text(row, "id"), idWidth), idWidth);
        // Padded and cut before it is coloured: colours have no width.
        int left = Math.max(0, width - id.length() - 1 - state.length() - gap.length());
        return id + " " + terminal.coloured(state) + gap + cut(rest.stripTrailing(), left);
    }

    /** What fits; that there is more can be seen. */
    private static String cut(String line, int width) {
        return line.length() <= width ? line : Text.start(line, Math.max(0, width - 1)) + "…";
    }

    /** The outcome if there is one, else the state. */
    private static String word(JsonNode row) {
        String outcome = text(row, "outcome");
        return outcome.isEmpty() ? text(row, "state") : outcome;
    }

    private static String exit(JsonNode row) {
        return row.path("exitCode").asInt() == 0 ? "" : ", exit " + row.path("exitCode").asInt();
    }

    private static String why(JsonNode row) {
        JsonNode why = row.path("why");
        return joined(text(why, "class"), "", text(why, "message"));
    }

    private static String notBefore(JsonNode row, Instant now) {
        return instant(row, "notBefore")
                .filter(now::isBefore)
                .map(at -> at + ", in " + age(now, at))
                .orElse("");
    }

    private static String at(JsonNode row, String field, Instant now) {
        return instant(row, field).map(at -> at + ", " + age(at, now) + " ago").orElse("");
    }

    private static String phases(JsonNode row, Instant now) {
        List<String> phases = new ArrayList<>();
        row.path("phases")
                .properties()
                .forEach(phase -> phases.add(phase.getKey() + " " + seconds(phase.getValue())));
        if (text(row, "state").equals("running")
                && row.path("phases").path("run").isMissingNode()) {
            instant(row, "startedAt")
                    .ifPresent(at -> phases.add("run " + age(at, now) + " so far"));
        }
        return Text.oneLine(String.join(", ", phases));
    }

    private static String member(JsonNode member) {
        return joined(
                "%s-%s on %s"
                        .formatted(
                                text(member, "role"),
                                text(member, "index"),
                                text(member, "machine")),
                ", "
                        + List.of("type", "market", "zone").stream()
                                .map(field -> text(member, field))
                                .filter(text -> !text.isEmpty())
                                .collect(Collectors.joining(" ")),
                exit(member));
    }

    private static String spent(JsonNode job) {
        JsonNode spent = job.path("spent");
        List<String> parts = new ArrayList<>();
        spent.properties()
                .forEach(
                        part -> {
                            if (part.getValue().asInt() != 0) {
                                parts.add(part.getKey() + " " + part.getValue().asInt());
                            }
                        });
        JsonNode machine = job.path("machineSeconds");
        if (machine.isNumber()) {
            parts.add("machine time " + seconds(machine));
        }
        cost(job).ifPresent(parts::add);
        return Text.oneLine(String.join(", ", parts));
    }

    private static String step(JsonNode step) {
        return joined(
                text(step, "at") + "  " + text(step, "state"),
                ", attempt " + text(step, "attempt"),
                why(step));
    }

    private static void addMessage(List<String> lines, JsonNode job) {
        JsonNode message = job.path("message");
        entry(lines, "profile", text(job, "profile"));
        entry(
                lines,
                "limits",
                joined(
                        "timeout " + limit(message, "timeout"),
                        ", patience " + limit(message, "patience"),
                        ", retries lost %s, failed %s"
                                .formatted(
                                        text(message.path("retries"), "lost"),
                                        text(message.path("retries"), "failed"))));
        JsonNode roles = message.path("roles");
        if (roles.isObject()) {
            roles.properties()
                    .forEach(
                            role -> {
                                entry(
                                        lines,
                                        "role",
                                        role.getKey() + " × " + text(role.getValue(), "count"));
                                addRole(lines, role.getValue());
                            });
        } else {
            addRole(lines, message);
        }
    }

    private static String limit(JsonNode message, String field) {
        JsonNode limit = message.path(field);
        return limit.isNumber() ? seconds(limit) : text(message, field);
    }

    private static void addRole(List<String> lines, JsonNode role) {
        JsonNode machine = role.path("machine");
        entry(
                lines,
                "machines",
                joined(
                        names(machine.path("types")),
                        machine.has("market") ? ", " + text(machine, "market") : "",
                        machine.has("image") ? ", image " + text(machine, "image") : ""));
        role.path("setup").asText().lines().forEach(line -> entry(lines, "setup", line));
        role.path("run").asText().lines().forEach(line -> entry(lines, "run", line));
        entry(lines, "env", names(role.path("env")));
        entry(lines, "files", names(role.path("files")));
        entry(lines, "outputs", names(role.path("outputs")));
    }

    private static String names(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(", "));
    }

    private static void entry(List<String> lines, String name, String value) {
        if (!value.isBlank()) {
            lines.add("  " + pad(name, 10) + " " + Text.oneLine(value));
        }
    }

    /** One after the other; two that both say something are kept apart. */
    private static String joined(String first, String second, String third) {
        String start = first + second;
        boolean isApart = start.isEmpty() || third.isEmpty() || third.startsWith(",");
        String text = start + (isApart ? "" : "; ") + third;
        return Text.oneLine(text.startsWith(", ") ? text.substring(2) : text);
    }

    private static Optional<String> cost(JsonNode row) {
        JsonNode usd = row.path("costUsd");
        return usd.isNumber() ? Optional.of(Money.text(usd.decimalValue())) : Optional.empty();
    }

    private static String seconds(JsonNode number) {
        BigDecimal millis = number.decimalValue().multiply(MILLIS_PER_SECOND);
        return ResultText.rounded(Duration.ofMillis(millis.longValue()));
    }

    private static String age(Instant from, Instant to) {
        Duration age = Duration.between(from, to);
        return MachineLine.brief(age.isNegative() ? Duration.ZERO : age);
    }

    private static String took(Instant from, Instant to) {
        return ResultText.rounded(Duration.between(from, to));
    }

    static Optional<Instant> instant(JsonNode row, String field) {
        String written = row.path(field).asText();
        try {
            return written.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(written));
        } catch (DateTimeParseException foreign) {
            return Optional.empty();
        }
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    /** Every foreign text comes through here, or through {@link #joined} or {@link #entry}. */
    private static String text(JsonNode row, String field) {
        return Text.oneLine(row.path(field).asText());
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
