package dev.spate.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Many machines set up at once over SSH: what the adapter costs, and what OpenSSH's client does.
 */
final class SshBenchmark implements Benchmark {

    private static final int RATE_MIN = 400;
    private static final double RATIO_MIN = 3;
    private static final int THREADS_MAX = 40;
    private static final int HEAP_MAX_MEBIBYTES = 128;

    @Override
    public String name() {
        return "ssh";
    }

    @Override
    public String summary() {
        return """
        sessions/s (connect, verify, log in, one command), threads and heap of the SSH adapter,
                   against parallel OpenSSH. --few=200 --many=1000 --rounds=5 --parallel=32""";
    }

    @Override
    public boolean run(Options options) throws Exception {
        options.requireOnly("few", "many", "rounds", "parallel");
        int few = options.value("few", 200);
        int many = options.value("many", 1_000);
        int rounds = options.value("rounds", 5);
        int parallel = options.value("parallel", 32);
        Path directory = Files.createTempDirectory("spate-lab-ssh");
        boolean isPinned = Cores.canPin();
        System.out.printf(
                "client %s, targets in a JVM of their own%s, JDK %s, %d cores%n",
                isPinned ? "on core 0" : "on all cores (no taskset here)",
                isPinned ? " on core 1" : "",
                Runtime.version(),
                Runtime.getRuntime().availableProcessors());
        try (ChildJvm targets = ChildJvm.start(1, SshTargets.class, directory.toString());
                ChildJvm meter =
                        ChildJvm.start(0, SshMeter.class, directory.toString(), targets.ready())) {
            Optional<OpenSsh> openSsh =
                    OpenSsh.find(directory, Integer.parseInt(targets.ready()), parallel);
            System.out.println(
                    openSsh.map(OpenSsh::description).orElse("ssh: not installed here, no peer"));
            meter.ask(Integer.toString(many)); // warms both ends up
            meter.ask(Integer.toString(many));
            compare(meter, openSsh, few, rounds);
            boolean isMet = compare(meter, openSsh, many, rounds);
            System.out.printf(
                    "target: >= %d/s, >= %.0f x ssh, <= %d threads, <= %d MiB: %s%n",
                    RATE_MIN, RATIO_MIN, THREADS_MAX, HEAP_MAX_MEBIBYTES, isMet ? "met" : "MISSED");
            return isMet;
        } finally {
            delete(directory);
        }
    }

    /** Interleaved, so that both meet the same machine. */
    private static boolean compare(
            ChildJvm meter, Optional<OpenSsh> openSsh, int sessions, int rounds)
            throws IOException, InterruptedException {
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        int threads = 0;
        int heap = 0;
        for (int round = 0; round < rounds; round++) {
            SshMeter.Reading reading =
                    SshMeter.Reading.parse(meter.ask(Integer.toString(sessions)));
            ours.add(reading.sessionsPerSecond());
            threads = Math.max(threads, reading.threads());
            heap = Math.max(heap, reading.heapMebibytes());
            if (openSsh.isPresent()) {
                theirs.add(openSsh.get().sessionsPerSecond(sessions));
            }
        }
        double rate = Figures.median(ours);
        System.out.printf(
                """

                %,d sessions, medians of %d
                spate          %,8.0f sessions/s   %d platform threads, %d MiB heap, all held open
                """,
                sessions, rounds, rate, threads, heap);
        boolean isMet = rate >= RATE_MIN && threads <= THREADS_MAX && heap <= HEAP_MAX_MEBIBYTES;
        if (!theirs.isEmpty()) {
            double ratio = rate / Figures.median(theirs);
            System.out.printf(
                    "parallel ssh   %,8.0f sessions/s   ratio %.1f%n",
                    Figures.median(theirs), ratio);
            isMet &= ratio >= RATIO_MIN;
        }
        return isMet;
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
