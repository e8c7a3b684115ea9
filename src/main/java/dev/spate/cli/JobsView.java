package dev.spate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.async.Scheduler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Jobs, once or again and again: on a terminal the new picture takes the place of the old one;
 * elsewhere every change is a line.
 */
final class JobsView {

    /** The heading, how many there are, who is missing, and the line with the cursor. */
    private static final int OTHER_LINES = 4;

    private final Terminal terminal;
    private final Scheduler scheduler;
    private final boolean isJson;
    private final boolean isWatching;
    private final Screen screen;
    private final Map<String, Long> told = new HashMap<>();
    private List<String> missing = List.of();

    JobsView(Terminal terminal, Scheduler scheduler, boolean isJson, boolean isWatching) {
        this.terminal = terminal;
        this.scheduler = scheduler;
        this.isJson = isJson;
        this.isWatching = isWatching;
        this.screen = new Screen(terminal);
    }

    /** Shows many. */
    void show(JobBook.Selection jobs) throws InterruptedException {
        List<JsonNode> rows = jobs.rows();
        if (!isRedrawing()) {
            tellMissing(jobs.missing());
        }
        if (isWatching && !isRedrawing()) {
            // Oldest first, as they would have come.
            rows.reversed().stream().filter(this::isNews).forEach(this::print);
        } else if (isJson) {
            rows.forEach(this::print);
        } else if (isRedrawing()) {
            Screen.Size size = screen.size();
            int room = Math.max(1, size.height() - OTHER_LINES);
            screen.show(picture(rows.subList(0, Math.min(room, rows.size())), jobs, size), size);
        } else {
            table(rows, jobs.total(), screen.size()).forEach(terminal::print);
        }
    }

    /** Shows one. */
    void show(JsonNode job) throws InterruptedException {
        if (isJson || (isWatching && !isRedrawing())) {
            Optional.of(job).filter(this::isNews).ifPresent(this::print);
            return;
        }
        Screen.Size size = screen.size();
        List<String> lines = new JobText(terminal, size.width()).page(job, scheduler.now());
        if (isRedrawing()) {
            screen.show(lines, size);
        } else {
            lines.forEach(terminal::print);
        }
    }

    private boolean isRedrawing() {
        return isWatching && terminal.isInteractive() && !isJson;
    }

    /** On standard error, once for each change; programs get it in JSON, too. */
    private void tellMissing(List<String> now) {
        if (now.equals(missing)) {
            return;
        }
        missing = now;
        if (isJson) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            now.forEach(json.putArray("missing")::add);
            terminal.print(json.toString());
        }
        terminal.complain("spate jobs: " + complaint(now));
    }

    private static String complaint(List<String> missing) {
        return missing.isEmpty()
                ? "everybody answers again"
                : "jobs are missing, for there is no answer from " + String.join(", ", missing);
    }

    private List<String> picture(List<JsonNode> rows, JobBook.Selection jobs, Screen.Size size) {
        List<String> lines = new ArrayList<>(table(rows, jobs.total(), size));
        if (!jobs.missing().isEmpty()) {
            lines.add(complaint(jobs.missing()));
        }
        return lines;
    }

    private List<String> table(List<JsonNode> rows, long total, Screen.Size size) {
        if (rows.isEmpty()) {
            return List.of("No jobs.");
        }
        List<String> lines =
                new ArrayList<>(new JobText(terminal, size.width()).table(rows, scheduler.now()));
        if (total > rows.size()) {
            lines.add(rows.size() + " of " + total + " jobs");
        }
        return lines;
    }

    private boolean isNews(JsonNode row) {
        long sequence = row.path("sequence").asLong();
        Long before = told.put(row.path("id").asText(), sequence);
        return before == null || before != sequence;
    }

    private void print(JsonNode row) {
        terminal.print(
                isJson
                        ? row.toString()
                        : new JobText(terminal, Integer.MAX_VALUE).line(row, scheduler.now()));
    }
}
