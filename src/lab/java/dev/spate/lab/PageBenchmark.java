package dev.spate.lab;

import dev.spate.async.SystemScheduler;
import dev.spate.page.Browser;
import dev.spate.page.Tab;
import dev.spate.web.InMemorySpate;
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

    private static final double MEBIBYTE = 1 << 20;

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
     * A minute's end.
     *
     * @param heapMebibytes what scripts hold, garbage collected
     * @param nodes of the document
     */
    private record Reading(double heapMebibytes, int nodes, Duration browser, Duration worker) {}

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
            Costs costs = new Costs(browser);
            List<Reading> readings = new ArrayList<>();
            for (int minute = 0; minute <= minutes; minute++) {
                if (minute > 0) {
                    costs.watch(scheduler, Duration.ofMinutes(1));
                }
                readings.add(costs.read(tab));
                Reading now = readings.getLast();
                System.out.printf(
                        "minute %2d: %.2f MiB held by scripts, %d nodes%n",
                        minute, now.heapMebibytes(), now.nodes());
            }
            return judge(paintMillis, readings, changes);
        }
    }

    /** Opens the page. Returns the milliseconds until it showed jobs. */
    private static double show(Tab tab, InMemorySpate spate) {
        tab.size(1_280, 900).open(spate.url() + "/");
        return tab.await("document.querySelectorAll('.jobs tbody tr').length === 50")
                .evaluate("performance.now()")
                .asDouble();
    }

    private static boolean judge(double paintMillis, List<Reading> readings, int changes) {
        Reading first = readings.getFirst();
        Reading settled = readings.get(Math.min(1, readings.size() - 1));
        Reading last = readings.getLast();
        double seconds = 60.0 * (readings.size() - 1);
        double browser = percent(last.browser().minus(first.browser()), seconds);
        double worker = percent(last.worker().minus(first.worker()), seconds);
        double growth = last.heapMebibytes() / settled.heapMebibytes();
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
    private static final class Costs {

        private final Browser browser;
        private final Map<Long, Duration> used = new ConcurrentHashMap<>();

        Costs(Browser browser) {
            this.browser = browser;
        }

        void watch(SystemScheduler scheduler, Duration time) throws InterruptedException {
            for (long left = time.toSeconds(); left > 0; left--) {
                scheduler.sleep(Duration.ofSeconds(1));
                look();
            }
        }

        private void look() {
            browser.processes()
                    .forEach(
                            process ->
                                    process.info()
                                            .totalCpuDuration()
                                            .ifPresent(cpu -> used.put(process.pid(), cpu)));
        }

        Reading read(Tab tab) {
            look();
            Duration sum = used.values().stream().reduce(Duration.ZERO, Duration::plus);
            Duration own = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
            double heap = tab.collectGarbage().figure("JSHeapUsedSize") / MEBIBYTE;
            return new Reading(heap, (int) tab.figure("Nodes"), sum, own);
        }
    }
}
