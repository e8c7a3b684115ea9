package dev.spate.lab;

import dev.spate.async.BatchIterator;
import dev.spate.async.SystemScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Batches from Kafka: what the batch iterator costs over a bare consumer loop. */
final class BatchBenchmark implements Benchmark {

    static final BatchIterator.Limits LIMITS =
            new BatchIterator.Limits(500, 1 << 20, Duration.ofMillis(20), 8);

    private static final int TRICKLE_PER_SECOND = 200;
    private static final double RATIO_MIN = 0.9;
    private static final double LATENESS_P50_MAX_MILLIS = 1.5;
    private static final double LATENESS_P99_MAX_MILLIS_OVER_BARE = 2;

    @Override
    public String name() {
        return "batch";
    }

    @Override
    public String summary() {
        return """
        BatchIterator over a real broker against a bare KafkaConsumer loop: records/s,
                   allocation, lateness, memory bound. --records=5000000 --rounds=5 --seconds=15""";
    }

    @Override
    public boolean run(Options options) throws Exception {
        options.requireOnly("records", "rounds", "seconds");
        int records = options.value("records", 5_000_000);
        int rounds = options.value("rounds", 5);
        Duration trickle = Duration.ofSeconds(options.value("seconds", 15));
        try (BrokerProcess broker = BrokerProcess.start();
                SystemScheduler scheduler = new SystemScheduler()) {
            BatchTopic full = BatchTopic.create(broker.bootstrapServers(), "full");
            BatchTopic slow = BatchTopic.create(broker.bootstrapServers(), "slow");
            System.out.printf(
                    "%,d records of 600 bytes, 6 partitions, batches of %d / %d ms, JDK %s, %d cores%n",
                    records,
                    LIMITS.size(),
                    LIMITS.linger().toMillis(),
                    Runtime.version(),
                    Runtime.getRuntime().availableProcessors());
            full.fill(records);
            BatchSubjects subjects = new BatchSubjects(scheduler);
            boolean fast = compareThroughput(subjects, full, records, rounds);
            boolean prompt = compareLateness(subjects, slow, trickle, rounds);
            boolean bounded = showBound(subjects, full);
            return fast && prompt && bounded;
        }
    }

    /** Interleaved, after one round that only warms up, so that both meet the same machine. */
    private static boolean compareThroughput(
            BatchSubjects subjects, BatchTopic topic, int records, int rounds) throws Exception {
        List<BatchSubjects.Throughput> bare = new ArrayList<>();
        List<BatchSubjects.Throughput> spate = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            BatchSubjects.Throughput bareRun = subjects.bare(topic, records);
            BatchSubjects.Throughput spateRun = subjects.spate(topic, records);
            System.out.printf(
                    "  %-8s bare %,12.0f/s   spate %,12.0f/s%n",
                    round == 0 ? "warm-up" : "round " + round,
                    bareRun.recordsPerSecond(),
                    spateRun.recordsPerSecond());
            if (round > 0) {
                bare.add(bareRun);
                spate.add(spateRun);
            }
        }
        double bareSpeed = median(bare, BatchSubjects.Throughput::recordsPerSecond);
        double spateSpeed = median(spate, BatchSubjects.Throughput::recordsPerSecond);
        double bareBytes = median(bare, BatchSubjects.Throughput::allocatedBytesPerRecord);
        double spateBytes = median(spate, BatchSubjects.Throughput::allocatedBytesPerRecord);
        double ratio = spateSpeed / bareSpeed;
        System.out.printf(
                """

                medians of %d      records/s   allocated bytes/record
                bare loop       %,12.0f   %,22.0f
                BatchIterator   %,12.0f   %,22.0f
                ratio           %12.3f   %22.3f   target >= %.2f: %s
                """,
                rounds,
                bareSpeed,
                bareBytes,
                spateSpeed,
                spateBytes,
                ratio,
                spateBytes / bareBytes,
                RATIO_MIN,
                verdict(ratio >= RATIO_MIN));
        return ratio >= RATIO_MIN;
    }

    private static boolean compareLateness(
            BatchSubjects subjects, BatchTopic topic, Duration trickle, int rounds)
            throws Exception {
        List<Long> ages = new ArrayList<>();
        List<Long> lateness = new ArrayList<>();
        subjects.bareAges(topic, TRICKLE_PER_SECOND, trickle.dividedBy(3)); // warms up
        subjects.spateLateness(topic, TRICKLE_PER_SECOND, trickle.dividedBy(3));
        for (int round = 0; round < Math.min(rounds, 3); round++) {
            ages.addAll(subjects.bareAges(topic, TRICKLE_PER_SECOND, trickle));
            lateness.addAll(subjects.spateLateness(topic, TRICKLE_PER_SECOND, trickle));
        }
        double ageP99 = Figures.percentileMillis(ages, 99);
        double lateP50 = Figures.percentileMillis(lateness, 50);
        double lateP99 = Figures.percentileMillis(lateness, 99);
        double p99Max = ageP99 + LATENESS_P99_MAX_MILLIS_OVER_BARE;
        boolean isPrompt = lateP50 <= LATENESS_P50_MAX_MILLIS && lateP99 <= p99Max;
        System.out.printf(
                """

                at %d records/s, ms                        p50      p99   (of)
                bare loop: age of a record            %8.2f %8.2f   %,d records
                BatchIterator: age of a batch's first %8.2f %8.2f   %,d batches
                  record beyond the linger
                target: p50 <= %.1f, p99 <= %.2f: %s
                """,
                TRICKLE_PER_SECOND,
                Figures.percentileMillis(ages, 50),
                ageP99,
                ages.size(),
                lateP50,
                lateP99,
                lateness.size(),
                LATENESS_P50_MAX_MILLIS,
                p99Max,
                verdict(isPrompt));
        return isPrompt;
    }

    /** Nobody asks: what is held must stop growing. */
    private static boolean showBound(BatchSubjects subjects, BatchTopic topic) throws Exception {
        long heldBytes = subjects.heldBytesWhenNobodyAsks(topic);
        // The waiting batches, the open one, and the poll that was under way when told to pause.
        long boundBytes = (LIMITS.prefetch() + 2L) * LIMITS.size() * BatchTopic.RECORD_BYTES;
        System.out.printf(
                """

                nobody asks: %,d bytes held; bound (prefetch %d + 2) x %d x %d bytes = %,d: %s
                """,
                heldBytes,
                LIMITS.prefetch(),
                LIMITS.size(),
                BatchTopic.RECORD_BYTES,
                boundBytes,
                verdict(heldBytes <= boundBytes));
        return heldBytes <= boundBytes;
    }

    private static double median(
            List<BatchSubjects.Throughput> runs,
            Function<BatchSubjects.Throughput, Double> figure) {
        return Figures.median(runs.stream().map(figure).toList());
    }

    private static String verdict(boolean isMet) {
        return isMet ? "met" : "MISSED";
    }
}
