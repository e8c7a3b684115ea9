package dev.spate.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spate.async.Deadline;
import dev.spate.async.SystemScheduler;
import dev.spate.board.Board;
import dev.spate.board.BoardSettings;
import dev.spate.board.Contents;
import dev.spate.board.JobFilter;
import dev.spate.board.Peer;
import dev.spate.board.RecordForm;
import dev.spate.board.StreamBoard;
import dev.spate.board.Way;
import dev.spate.job.JobRecord;
import dev.spate.kafka.ClientProperties;
import dev.spate.kafka.KafkaSettings;
import dev.spate.kafka.Records;
import dev.spate.kafka.TopicSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** How soon a fresh board knows what is in a long journal, and one that is started again. */
final class BoardBenchmark implements Benchmark {

    private static final RecordForm FORM =
            new RecordForm(Records::decode, Records::encodeJob, Records::encode);
    private static final Peer OWN = new Peer("127.0.0.1", 9400);
    private static final int PARTITIONS = 6;
    private static final int RECORDS = 100_000;
    private static final int RECORDS_PER_JOB = 11;
    private static final int JOBS_PER_TRANSACTION = 50;
    private static final int RUN_LENGTH = 600;
    private static final int VARIABLES = 8;
    private static final int LISTS = 200;
    private static final double SECONDS_MAX = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final int MEBIBYTE = 1 << 20;

    @Override
    public String name() {
        return "board";
    }

    @Override
    public String summary() {
        return "a board that reads a journal of --records (100000) records from its beginning:"
                + " at most 10 s";
    }

    @Override
    public boolean run(Options options) throws Exception {
        options.requireOnly("records");
        int records = options.value("records", RECORDS);
        try (BrokerProcess broker = BrokerProcess.start();
                SystemScheduler scheduler = new SystemScheduler()) {
            KafkaSettings settings = KafkaSettings.of(broker.bootstrapServers(), "lab");
            int jobs = Math.ceilDiv(records, RECORDS_PER_JOB);
            long bytes = fill(settings, jobs, scheduler);
            int written = jobs * RECORDS_PER_JOB;
            System.out.printf(
                    "%,d records of %,d jobs, %,d bytes each on average%n",
                    written, jobs, bytes / written);

            double fresh = measure("fresh", settings, jobs, scheduler);
            System.out.printf("       %,.0f records/s%n", written / fresh);
            measure("again", settings, jobs, scheduler);
            System.out.printf(
                    "RocksDB's native library: %s%n", isRocksLoaded() ? "loaded" : "not loaded");
            return fresh <= SECONDS_MAX && !isRocksLoaded();
        }
    }

    private static double measure(
            String which, KafkaSettings settings, int jobs, SystemScheduler scheduler)
            throws InterruptedException {
        long heapBefore = usedHeap();
        long from = scheduler.nanoTime();
        double cpuFrom = cpuSeconds();
        try (StreamBoard board =
                StreamBoard.start(
                        new ClientProperties(settings).every(),
                        settings.group(),
                        settings.topics().journal(),
                        OWN,
                        BoardSettings.defaults(),
                        FORM,
                        scheduler,
                        new Random(1))) {
            Contents contents = ready(board, scheduler);
            double seconds = (scheduler.nanoTime() - from) / 1e9;
            double cpu = cpuSeconds() - cpuFrom;
            if (board.jobs() != jobs) {
                throw new IllegalStateException(
                        "expected " + jobs + " jobs, found " + board.jobs());
            }
            System.out.printf(
                    "%-6s ready after %.1f s, %.1f s of CPU; heap %,d MiB; a list of 50 jobs takes"
                            + " %.2f ms%n",
                    which,
                    seconds,
                    cpu,
                    (usedHeap() - heapBefore) / MEBIBYTE,
                    listMillis(contents, scheduler));
            return seconds;
        }
    }

    private static Contents ready(Board board, SystemScheduler scheduler)
            throws InterruptedException {
        Deadline deadline = Deadline.after(scheduler, PATIENCE);
        while (!deadline.hasPassed(scheduler)) {
            if (board.state() instanceof Board.State.Ready(Contents contents)) {
                return contents;
            }
            scheduler.sleep(LOOK);
        }
        throw new IllegalStateException("the board is " + board.state());
    }

    private static double listMillis(Contents contents, SystemScheduler scheduler) {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < LISTS; i++) {
            long from = scheduler.nanoTime();
            contents.jobs(JobFilter.newest(50));
            nanos.add(scheduler.nanoTime() - from);
        }
        return Figures.percentileMillis(nanos, 50);
    }

    /** Returns how many bytes were written. */
    private static long fill(KafkaSettings settings, int jobs, SystemScheduler scheduler)
            throws InterruptedException {
        try (Admin admin = Admin.create(new ClientProperties(settings).admin())) {
            new TopicSetup(settings, admin).create(PARTITIONS, Optional.empty());
        }
        Map<String, Object> properties = new ClientProperties(settings).producer();
        properties.put("transactional.id", "lab-fill");
        properties.put("linger.ms", 20);
        properties.put("batch.size", 1 << 18);
        long bytes = 0;
        try (var producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            for (int first = 0; first < jobs; first += JOBS_PER_TRANSACTION) {
                producer.beginTransaction();
                int last = Math.min(jobs, first + JOBS_PER_TRANSACTION);
                for (JobRecord record : interleaved(first, last, scheduler)) {
                    byte[] value = Records.encode(record);
                    bytes += value.length;
                    var _ =
                            producer.send(
                                    new ProducerRecord<>(
                                            settings.topics().journal(),
                                            record.id().value().getBytes(UTF_8),
                                            value));
                }
                producer.commitTransaction();
            }
        }
        return bytes;
    }

    /** Jobs that are done side by side, as they are. */
    private static List<JobRecord> interleaved(int first, int last, SystemScheduler scheduler) {
        List<List<JobRecord>> ways = new ArrayList<>();
        for (int i = first; i < last; i++) {
            ways.add(
                    Way.twice(
                                    Way.job(
                                            "lab-job-" + i,
                                            "profile-" + i % 5,
                                            "#" + "x".repeat(RUN_LENGTH),
                                            VARIABLES),
                                    scheduler.now())
                            .records());
        }
        List<JobRecord> all = new ArrayList<>();
        for (int step = 0; step < RECORDS_PER_JOB; step++) {
            for (List<JobRecord> way : ways) {
                all.add(way.get(step));
            }
        }
        return all;
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Of this process, which on a busy machine tells more than the clock. */
    private static double cpuSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis()
                / 1e3;
    }

    private static boolean isRocksLoaded() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        return Files.exists(maps) && Files.readString(maps).contains("rocksdb");
    }
}
