package dev.spate.lab;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** What a worker tells of itself over HTTP. */
final class WorkerGauges {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int MEBIBYTE = 1 << 20;

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI address;

    /**
     * @param port on loopback
     */
    WorkerGauges(int port) {
        this.address = URI.create("http://127.0.0.1:" + port);
    }

    /**
     * A moment's figures.
     *
     * @param heapMebibytes used, garbage included
     * @param liveMebibytes used after the last collection of the old generation; 0 before the first
     * @param threads platform threads
     * @param sessions SSH connections open
     */
    record Reading(int heapMebibytes, int liveMebibytes, int threads, int sessions) {

        static final Reading NOTHING = new Reading(0, 0, 0, 0);

        /** The larger of each. */
        Reading max(Reading other) {
            return new Reading(
                    Math.max(heapMebibytes, other.heapMebibytes),
                    Math.max(liveMebibytes, other.liveMebibytes),
                    Math.max(threads, other.threads),
                    Math.max(sessions, other.sessions));
        }
    }

    /** The worker's port, on loopback. */
    int port() {
        return address.getPort();
    }

    boolean isReady() throws InterruptedException {
        try {
            return get("/health/ready").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** What it tells now; nothing, if it is too busy to answer. */
    Reading read() throws InterruptedException {
        String metrics;
        try {
            metrics = get("/metrics").body();
        } catch (IOException tooBusy) {
            return Reading.NOTHING;
        }
        return new Reading(
                (int) (sum(metrics, "jvm_memory_used_bytes{area=\"heap\"") / MEBIBYTE),
                (int) (sum(metrics, "jvm_gc_live_data_size_bytes") / MEBIBYTE),
                (int) sum(metrics, "jvm_threads_live_threads"),
                (int) sum(metrics, "spate_ssh_sessions"));
    }

    /** How many jobs run on their machines; none, if it is too busy to answer. */
    int running() throws InterruptedException {
        try {
            return (int) sum(get("/metrics").body(), "spate_jobs{state=\"running\"");
        } catch (IOException tooBusy) {
            return 0;
        }
    }

    private static double sum(String metrics, String beginning) {
        return metrics.lines()
                .filter(line -> line.startsWith(beginning))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(address.resolve(path)).timeout(TIMEOUT).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
