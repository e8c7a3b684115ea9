package dev.spate.cli;

import com.fasterxml.jackson.databind.JsonNode;
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

    /** The heading, how many there are, and the line with the cursor. */
    private static final int OTHER_LINES = 3;

    private final Terminal terminal;
    private final Scheduler scheduler;
    private final boolean isJson;
    private final boolean isWatching;
    private final Screen screen;
    private final Map<String, Long> told = new HashMap<>();

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
        if (isWatching && !isRedrawing()) {
            // Oldest first, as they would have come.
            rows.reversed().stream().filter(this::isNews).forEach(this::print);
        } else if (isJson) {
            rows.forEach(this::print);
        } else if (isRedrawing()) {
            Screen.Size size = screen.size();
            int room = Math.max(1, size.height() - OTHER_LINES);
            screen.show(
                    table(rows.subList(0, Math.min(room, rows.size())), jobs.total(), size), size);
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
