package dev.spate.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.SystemScheduler;
import dev.spate.board.JobPage;
import dev.spate.board.JobRow;
import dev.spate.board.Stage;
import dev.spate.job.Failure;
import dev.spate.job.JobId;
import dev.spate.job.Outcome;
import dev.spate.job.Phase;
import dev.spate.web.InMemorySpate;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** A worker that is none, a tab that looks at its page, and jobs made to measure. */
final class PageStage implements AutoCloseable {

    private static final Map<Phase, Duration> TOOK =
            Map.of(
                    Phase.QUEUED, Duration.ofSeconds(2),
                    Phase.LAUNCH, Duration.ofSeconds(1),
                    Phase.BOOT, Duration.ofSeconds(4),
                    Phase.CONNECT, Duration.ofMillis(500),
                    Phase.SETUP, Duration.ofMillis(2_500),
                    Phase.RUN, Duration.ofSeconds(9),
                    Phase.COLLECT, Duration.ofSeconds(1));

    final SystemScheduler scheduler = new SystemScheduler();
    final Tab tab;
    InMemorySpate spate = InMemorySpate.start(scheduler);

    PageStage(Browser browser) {
        tab = browser.tab().size(1280, 900);
    }

    /** The worker ends; {@link #restart} starts another at the same address. */
    void stop() {
        spate.close();
    }

    void restart(int port) {
        spate = InMemorySpate.start(scheduler, InMemorySpate.settings(port));
    }

    /** Opens a view of the page, and waits until it is connected. */
    Tab open(String view) {
        return tab.open(spate.url() + "/" + view).await("document.querySelector('.link.live')");
    }

    /** A job as the test wants it, published as late as it can have been. */
    JobPage job(String id, Stage stage) {
        JobPage drawn = spate.jobs().draw(new JobId(id), stage);
        Instant published = stage.isSettled() ? scheduler.now().minusSeconds(20) : scheduler.now();
        return with(drawn, row(drawn.row(), published, Optional.empty()));
    }

    /** The same job, with what it waits for or died of. */
    JobPage why(JobPage page, Failure why) {
        return with(page, row(page.row(), page.row().publishedAt(), Optional.of(why)));
    }

    private static JobPage with(JobPage page, JobRow row) {
        return new JobPage(
                row,
                page.shard(),
                page.job(),
                page.members(),
                page.history(),
                page.spent(),
                page.trace());
    }

    /** All its phases together last 20 seconds, 10 of them before the run. */
    private static JobRow row(JobRow row, Instant published, Optional<Failure> why) {
        Map<Phase, Duration> phases = new EnumMap<>(Phase.class);
        row.phases().keySet().forEach(phase -> phases.put(phase, TOOK.get(phase)));
        boolean isDone = row.stage().isSettled();
        return new JobRow(
                row.id(),
                row.profile(),
                row.stage(),
                isDone
                        ? Optional.of(
                                why.map(each -> Outcome.of(each.kind())).orElse(Outcome.SUCCEEDED))
                        : Optional.empty(),
                row.exitCode(),
                1,
                false,
                published,
                published,
                row.startedAt().map(_ -> published.plusSeconds(10)),
                row.settledAt().map(_ -> published.plusSeconds(20)),
                phases,
                row.machines(),
                row.machineTime(),
                row.costUsd(),
                why.isPresent() ? why : isDone ? Optional.empty() : row.why(),
                row.notBefore(),
                row.sequence());
    }

    /** Nothing is wider than the window, and the browser has complained of nothing. */
    void assertSound() {
        assertThat(tab.evaluate("document.documentElement.scrollWidth <= innerWidth").asBoolean())
                .describedAs("no wider than the window")
                .isTrue();
        assertThat(tab.complaints()).isEmpty();
    }

    @Override
    public void close() {
        tab.close();
        spate.close();
        scheduler.close();
    }
}
