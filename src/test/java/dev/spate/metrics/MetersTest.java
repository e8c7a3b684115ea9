package dev.spate.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.Batch;
import dev.spate.job.Failure;
import dev.spate.job.Market;
import dev.spate.job.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetersTest {

    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern LABEL = Pattern.compile("[{,]([A-Za-z_]+)=\"");

    private final Meters meters = new Meters("1.2.3");

    @AfterEach
    void close() {
        meters.close();
    }

    @Test
    void seriesWithKnownLabelsExistAtZero() {
        assertThat(meters.scrape().lines())
                .contains(
                        "spate_jobs_received_total 0.0",
                        "spate_jobs_settled_total{outcome=\"succeeded\"} 0.0",
                        "spate_jobs_settled_total{outcome=\"timed-out\"} 0.0",
                        "spate_attempts_total{reason=\"first\"} 0.0",
                        "spate_attempts_total{reason=\"lost\"} 0.0",
                        "spate_duplicates_total 0.0",
                        "spate_rejects_total{reason=\"invalid\"} 0.0",
                        "spate_batches_total{cut=\"linger\"} 0.0",
                        "spate_machines_launched_total{market=\"on-demand\"} 0.0",
                        "spate_adoptions_total 0.0",
                        "spate_fenced_total 0.0",
                        "spate_hostkey_mismatch_total 0.0",
                        "spate_output_bytes_total 0.0",
                        "spate_ssh_sessions 0.0",
                        "spate_phase_duration_seconds_count{phase=\"run\"} 0",
                        "spate_batch_size_count 0",
                        "spate_ssh_connect_duration_seconds_count 0",
                        "spate_machine_paid_seconds_count 0");
    }

    @Test
    void countsWhatTheEngineTells() {
        meters.batch(3, Batch.Cut.SIZE);
        meters.received();
        meters.duplicate();
        meters.rejected(Failure.Kind.INVALID);
        meters.attempt("first");
        meters.attempt("LOST");
        meters.phase(Phase.RUN, Duration.ofSeconds(2));
        meters.adopted();
        meters.fenced();

        assertThat(meters.scrape().lines())
                .contains(
                        "spate_batches_total{cut=\"size\"} 1.0",
                        "spate_batch_size_sum 3.0",
                        "spate_jobs_received_total 1.0",
                        "spate_duplicates_total 1.0",
                        "spate_rejects_total{reason=\"invalid\"} 1.0",
                        "spate_attempts_total{reason=\"first\"} 1.0",
                        "spate_attempts_total{reason=\"lost\"} 1.0",
                        "spate_phase_duration_seconds_sum{phase=\"run\"} 2.0",
                        "spate_adoptions_total 1.0",
                        "spate_fenced_total 1.0");
    }

    @Test
    void countsWhatTheFleetTells() {
        meters.cloudCall("RunInstances", "ok", Duration.ofMillis(30));
        meters.launched(Market.SPOT, 4);
        meters.terminated("released");
        meters.paid(Duration.ofMinutes(2));
        meters.connected(Duration.ofMillis(200));
        meters.sessions(3);
        meters.sessions(-1);
        meters.hostKeyMismatch();
        meters.output(1_000);

        assertThat(meters.scrape().lines())
                .contains(
                        "spate_ec2_requests_total{action=\"RunInstances\",code=\"ok\"} 1.0",
                        "spate_ec2_request_duration_seconds_count{action=\"RunInstances\"} 1",
                        "spate_machines_launched_total{market=\"spot\"} 4.0",
                        "spate_machines_terminated_total{cause=\"released\"} 1.0",
                        "spate_machine_paid_seconds_sum 120.0",
                        "spate_ssh_connect_duration_seconds_count 1",
                        "spate_ssh_sessions 2.0",
                        "spate_hostkey_mismatch_total 1.0",
                        "spate_output_bytes_total 1000.0");
    }

    @Test
    void asksForGaugesAtEveryScrape() {
        givenGauges();

        assertThat(meters.scrape().lines())
                .contains(
                        "spate_jobs{state=\"running\"} 7.0",
                        "spate_machines{state=\"pending\"} 7.0",
                        "spate_orphan_machines 4.0",
                        "spate_last_sweep_timestamp_seconds 1.7E9",
                        "spate_oldest_job_age_seconds 1.5",
                        "spate_prefetched_batches 2.0",
                        "spate_paused_partitions 3.0",
                        "spate_board_jobs 9.0",
                        "spate_board_ready 1.0",
                        "spate_board_behind_records 8.0",
                        "spate_board_unreadable_records 6.0",
                        "spate_http_streams 5.0",
                        "spate_http_streams_max 64.0");
    }

    @Test
    void countsWhatIsAskedOverHttp() {
        HttpMeters http = meters.http();
        http.answered("/api/jobs", 200, Duration.ofMillis(3));
        http.answered("/api/jobs", 503, Duration.ofMillis(3));
        http.answered("POST /api/jobs", 401, Duration.ofMillis(3));
        http.answered("other", 418, Duration.ofMillis(3));

        assertThat(meters.scrape().lines())
                .contains(
                        "spate_http_request_duration_seconds_count{route=\"/api/jobs\",status=\"2xx\"} 1",
                        "spate_http_request_duration_seconds_count{route=\"/api/jobs\",status=\"5xx\"} 1",
                        "spate_http_refused_total{status=\"503\"} 1.0",
                        "spate_http_refused_total{status=\"401\"} 1.0",
                        "spate_http_refused_total{status=\"500\"} 0.0",
                        "spate_http_refused_total{status=\"other\"} 1.0");
    }

    @Test
    void doesNotTakeTheWordOfAWorkerThatIsNotWellForARefusal() {
        meters.http().answered("/health/ready", 503, Duration.ofMillis(3));

        assertThat(meters.scrape().lines())
                .contains("spate_http_refused_total{status=\"503\"} 0.0");
    }

    @Test
    void tellsTheBuild() {
        assertThat(meters.scrape())
                .contains("spate_build_info{java=\"")
                .contains("version=\"1.2.3\"");
    }

    @Test
    void labelValuesFromOutsideAreBounded() {
        for (int i = 0; i < 10_000; i++) {
            meters.cloudCall("Describe", "Code" + i, Duration.ZERO);
        }

        assertThat(
                        meters.scrape()
                                .lines()
                                .filter(line -> line.startsWith("spate_ec2_requests_total{")))
                .hasSizeLessThan(100)
                .anyMatch(line -> line.contains("code=\"other\""));
    }

    @Test
    void everythingFollowsPrometheusConventions() throws Exception {
        givenGauges();
        meters.cloudCall("RunInstances", "ok", Duration.ofMillis(3));
        try (KafkaConsumer<byte[], byte[]> consumer = consumer();
                AutoCloseable watched = meters.kafka().watch(consumer)) {
            assertThat(watched).isNotNull();
            String scrape = meters.scrape();

            assertThat(scrape).contains("kafka_consumer_").contains("jvm_memory_used_bytes");
            assertThat(mistakes(scrape)).isEmpty();
        }
    }

    /** The rules that {@code promtool check metrics} applies. */
    private static List<String> mistakes(String scrape) {
        return TYPE.matcher(scrape)
                .results()
                .flatMap(
                        match -> {
                            String name = match.group(1);
                            String type = match.group(2);
                            boolean isCounter = type.equals("counter");
                            boolean hasSeries = type.equals("histogram") || type.equals("summary");
                            return Stream.of(
                                            !scrape.contains("# HELP " + name + " ")
                                                    ? "no help"
                                                    : "",
                                            isCounter != name.endsWith("_total") ? "_total" : "",
                                            !hasSeries
                                                            && name.matches(
                                                                    ".*_(count|sum|bucket|info_.*)")
                                                    ? "reserved suffix"
                                                    : "",
                                            name.matches(".*_(ns|ms|us|kb|mb|milliseconds)(_.*|$)")
                                                    ? "unit"
                                                    : "",
                                            name.matches(
                                                            ".*_(counter|gauge|histogram|summary)(_.*|$)")
                                                    ? "type in name"
                                                    : "",
                                            camelCase(scrape, name) ? "label" : "")
                                    .filter(rule -> !rule.isEmpty())
                                    .map(rule -> name + ": " + rule);
                        })
                .toList();
    }

    private static boolean camelCase(String scrape, String name) {
        return scrape.lines()
                .filter(line -> line.startsWith(name + "{"))
                .flatMap(line -> LABEL.matcher(line).results())
                .anyMatch(label -> !label.group(1).equals(label.group(1).toLowerCase(Locale.ROOT)));
    }

    private void givenGauges() {
        meters.gauges()
                .jobs(state -> state.equals("running") ? 7 : 0)
                .machines(state -> 7)
                .orphanMachines(() -> 4)
                .lastSweep(() -> Optional.of(Instant.ofEpochSecond(1_700_000_000)))
                .oldestJobAge(() -> Duration.ofMillis(1_500))
                .prefetchedBatches(() -> 2)
                .pausedPartitions(() -> 3)
                .boardJobs(() -> 9)
                .boardReady(() -> true)
                .boardBehind(() -> 8)
                .boardUnreadable(() -> 6)
                .httpStreams(() -> 5, 64);
        meters.http().answered("/api/jobs", 200, Duration.ofMillis(3));
    }

    private static KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", "127.0.0.1:1", "group.id", "g"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
