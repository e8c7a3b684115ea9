package dev.spate.lab;

import dev.spate.async.SystemScheduler;
import dev.spate.page.Browser;
import dev.spate.page.Tab;
import dev.spate.web.InMemorySpate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the page costs the browser that shows it, and the worker that serves it, while jobs change
 * all the time.
 */
final class PageBenchmark implements Benchmark {

    private static final double PAINT_MILLIS_MAX = 1_000;
    private static final double BROWSER_PERCENT_MAX = 20;
    private static final double WORKER_PERCENT_MAX = 5;

    /** Of what is held after the first minute: less is noise. */
    private static final double GROWTH_MAX = 1.1;

    private static final int KIBIBYTE = 1 << 10;

    @Override
    public String name() {
        return "page";
    }

    @Override
    public String summary() {
        return """
        the page in a real browser while jobs change: first paint, what it holds over time, CPU of
                   the browser and of whoever serves it. --jobs=1000 --changes=50 a second --minutes=10""";
    }

    /**
     * What is there at a minute's end.
     *
     * @param heldBytes what scripts hold
     * @param nodes of the document
     */
    private record Reading(long heldBytes, int nodes) {

        static Reading of(Tab tab) throws IOException {
            return new Reading(
                    HeapSnapshot.parse(tab.heapSnapshot()).heldBytes(), (int) tab.figure("Nodes"));
        }
    }

    /** Processor time. */
    private record Cost(Duration browser, Duration worker) {

        static final Cost NOTHING = new Cost(Duration.ZERO, Duration.ZERO);

        Cost plus(Cost other) {
            return new Cost(browser.plus(other.browser), worker.plus(other.worker));
        }

        Cost minus(Cost other) {
            return new Cost(browser.minus(other.browser), worker.minus(other.worker));
        }
    }

    @Override
    public boolean run(Options options) throws Exception {
        options.requireOnly("jobs", "changes", "minutes");
        int minutes = options.value("minutes", 10);
        int changes = options.value("changes", 50);
        try (SystemScheduler scheduler = new SystemScheduler();
                InMemorySpate spate = InMemorySpate.start(scheduler);
                Browser browser = Browser.start();
                Tab tab = browser.tab()) {
            spate.fill(options.value("jobs", 1_000));
            spate.changes(changes);
            // Once before, as anybody's second look: the server's classes are loaded by then.
            show(tab, spate);
            double rowsMillis = show(tab, spate);
            double paintMillis =
                    tab.evaluate(
                                    "performance.getEntriesByName('first-contentful-paint')[0].startTime")
                            .asDouble();
            System.out.printf(
                    "%nfirst paint after %.0f ms, the first 50 jobs after %.0f ms%n",
                    paintMillis, rowsMillis);
            Meter meter = new Meter(browser);
            Cost cost = Cost.NOTHING;
            List<Reading> readings = new ArrayList<>();
            for (int minute = 0; minute <= minutes; minute++) {
                if (minute > 0) {
                    // Without what it costs to read what scripts hold.
                    cost = cost.plus(meter.watch(scheduler, Duration.ofMinutes(1)));
                }
                readings.add(Reading.of(tab));
                Reading now = readings.getLast();
                System.out.printf(
                        "minute %2d: %,d KiB held by scripts, %d nodes%n",
                        minute, now.heldBytes() / KIBIBYTE, now.nodes());
            }
            return judge(paintMillis, readings, cost, changes);
        }
    }

    /** Opens the page. Returns the milliseconds until it showed jobs. */
    private static double show(Tab tab, InMemorySpate spate) {
        tab.size(1_280, 900).open(spate.url() + "/");
        return tab.await("document.querySelectorAll('.jobs tbody tr').length === 50")
                .evaluate("performance.now()")
                .asDouble();
    }

    private static boolean judge(
            double paintMillis, List<Reading> readings, Cost cost, int changes) {
        Reading settled = readings.get(Math.min(1, readings.size() - 1));
        Reading last = readings.getLast();
        double seconds = 60.0 * (readings.size() - 1);
        double browser = percent(cost.browser(), seconds);
        double worker = percent(cost.worker(), seconds);
        double growth = (double) last.heldBytes() / settled.heldBytes();
        boolean isMet =
                paintMillis <= PAINT_MILLIS_MAX
                        && browser <= BROWSER_PERCENT_MAX
                        && worker <= WORKER_PERCENT_MAX
                        && growth <= GROWTH_MAX
                        && last.nodes() <= settled.nodes() * GROWTH_MAX;
        System.out.printf(
                "%d changes a second: browser %.1f %% of a core, worker %.1f %% (with what makes the"
                        + " changes); held at the end %.2f times what it was after a minute%n",
                changes, browser, worker, growth);
        System.out.printf(
                "target: first paint within %.0f ms, browser %.0f %%, worker %.0f %%, nothing grows:"
                        + " %s%n",
                PAINT_MILLIS_MAX,
                BROWSER_PERCENT_MAX,
                WORKER_PERCENT_MAX,
                isMet ? "met" : "MISSED");
        return isMet;
    }

    private static double percent(Duration used, double seconds) {
        return used.toMillis() / 10.0 / seconds;
    }

    /**
     * Adds up what processes have used; those that have ended keep what they had when last seen.
     */
    private static final class Meter {

        private final Browser browser;
        private final Map<Long, Duration> used = new ConcurrentHashMap<>();

        Meter(Browser browser) {
            this.browser = browser;
        }

        /** What that time has cost. */
        Cost watch(SystemScheduler scheduler, Duration time) throws InterruptedException {
            Cost before = read();
            for (long left = time.toSeconds(); left > 0; left--) {
                scheduler.sleep(Duration.ofSeconds(1));
                look();
            }
            return read().minus(before);
        }

        private void look() {
            browser.processes()
                    .forEach(
                            process ->
                                    process.info()
                                            .totalCpuDuration()
                                            .ifPresent(cpu -> used.put(process.pid(), cpu)));
        }

        private Cost read() {
            look();
            return new Cost(
                    used.values().stream().reduce(Duration.ZERO, Duration::plus),
                    ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO));
        }
    }
}
