package dev.spate.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.spate.async.Scheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * Many who look at a worker: some scrape its metrics once a second each, others listen to its
 * events. Each has a connection and a virtual thread of its own, and does nothing with what it
 * reads.
 */
final class Watchers implements AutoCloseable {

    private static final Duration SCRAPE_EVERY = Duration.ofSeconds(1);

    private final Scheduler scheduler;
    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;
    private final List<Scheduler.Task<?>> tasks = new ArrayList<>();
    private final ConcurrentLinkedQueue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final LongAdder scrapes = new LongAdder();
    private final LongAdder eventBytes = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /**
     * Begins to look.
     *
     * @param port of the worker, on loopback
     */
    Watchers(Scheduler scheduler, int port, int scrapers, int streams) {
        this.scheduler = scheduler;
        this.port = port;
        for (int i = 0; i < scrapers; i++) {
            // Not all in the same instant, as scrapers of different owners are not either.
            Duration delay = SCRAPE_EVERY.multipliedBy(i).dividedBy(scrapers);
            tasks.add(scheduler.start("scraper", () -> scrape(delay)));
        }
        for (int i = 0; i < streams; i++) {
            tasks.add(scheduler.start("stream", this::listen));
        }
    }

    long scrapes() {
        return scrapes.sum();
    }

    long eventBytes() {
        return eventBytes.sum();
    }

    long failures() {
        return failures.sum();
    }

    private boolean scrape(Duration delay) throws InterruptedException {
        scheduler.sleep(delay);
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build();
        while (true) {
            try {
                int status = client.send(request, BodyHandlers.discarding()).statusCode();
                (status == 200 ? scrapes : failures).increment();
            } catch (IOException cut) {
                failures.increment();
            }
            scheduler.sleep(SCRAPE_EVERY);
        }
    }

    private boolean listen() {
        try (Socket socket = connect()) {
            String request = "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            byte[] buffer = new byte[16_384];
            for (int count = 0; count >= 0; count = socket.getInputStream().read(buffer)) {
                eventBytes.add(count);
            }
            failures.increment();
            return true;
        } catch (IOException cut) {
            failures.increment();
            return false;
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(socket);
        return socket;
    }

    @Override
    public void close() throws IOException {
        tasks.forEach(Scheduler.Task::cancel);
        for (Socket socket : sockets) {
            socket.close();
        }
        client.shutdownNow();
        client.close();
    }
}
