package dev.spate.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.spate.job.Captured;
import dev.spate.job.Failure;
import dev.spate.job.Job;
import dev.spate.job.JobId;
import dev.spate.job.JobResult;
import dev.spate.job.MachineId;
import dev.spate.job.Market;
import dev.spate.job.Member;
import dev.spate.job.MemberResult;
import dev.spate.job.Outcome;
import dev.spate.job.Phase;
import dev.spate.job.Pool;
import dev.spate.job.RoleName;
import dev.spate.job.SampleJobs;
import dev.spate.job.Trace;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Traces as a collector gets them, over real HTTP. */
final class JobTracesTest {

    private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT_ID = "b7ad6b7169203331";
    private static final Job JOB =
            SampleJobs.withProfile(SampleJobs.plain("bench-42", "./bench"), "nightly");
    private static final Instant PUBLISHED = Instant.parse("2026-03-01T12:00:00Z");

    private final Queue<Protobuf> received = new ConcurrentLinkedQueue<>();
    private HttpServer collector;

    @BeforeEach
    void start() throws IOException {
        collector =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext(
                "/v1/traces",
                exchange -> {
                    received.add(new Protobuf(exchange.getRequestBody().readAllBytes()));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    @Test
    void aSettledJobIsATraceWithASpanForEachPhase() {
        try (JobTraces traces = traces()) {
            traces.settled(
                    JOB,
                    result(
                            new Trace(
                                    Optional.of("00-" + TRACE_ID + "-" + PARENT_ID + "-01"),
                                    Optional.of("vendor=1")),
                            Optional.empty()));
        }

        Map<String, Protobuf> spans = spans();
        assertThat(spans.keySet())
                .containsExactlyInAnyOrder(
                        "job", "queued", "launch", "boot", "connect", "setup", "run", "collect");
        Protobuf job = span(spans, "job");
        assertThat(hex(job.bytes(1))).isEqualTo(TRACE_ID);
        assertThat(hex(job.bytes(4))).isEqualTo(PARENT_ID);
        assertThat(job.text(3)).isEqualTo("vendor=1");
        assertThat(at(job.number(7))).isEqualTo(PUBLISHED);
        assertThat(at(job.number(8))).isEqualTo(PUBLISHED.plusSeconds(30));
        assertThat(attributes(job.messages(9)))
                .containsEntry("spate.job", "bench-42")
                .containsEntry("spate.profile", "nightly")
                .containsEntry("spate.outcome", "succeeded")
                .containsEntry("spate.attempt", "1")
                .containsEntry("spate.machine.types", "[c7i.large]")
                .containsEntry("spate.exit_code", "0")
                .containsEntry("spate.cost_usd", "0.0015");
        Protobuf run = span(spans, "run");
        assertThat(hex(run.bytes(1))).isEqualTo(TRACE_ID);
        assertThat(run.bytes(4)).isEqualTo(job.bytes(2));
        assertThat(at(run.number(7))).isEqualTo(PUBLISHED.plusSeconds(20));
        assertThat(at(run.number(8))).isEqualTo(PUBLISHED.plusSeconds(29));
        assertThat(at(span(spans, "setup").number(8))).isEqualTo(PUBLISHED.plusSeconds(20));
        assertThat(resource())
                .containsEntry("service.name", "spate")
                .containsEntry("spate.group", "builds");
    }

    @Test
    void aJobWithoutATraceBeginsOneAndTellsWhatWentWrong() {
        try (JobTraces traces = traces()) {
            traces.settled(
                    JOB,
                    result(
                            Trace.NONE,
                            Optional.of(new Failure(Failure.Kind.JOB, "main-0 exited with 1"))));
        }

        Protobuf job = span(spans(), "job");
        assertThat(hex(job.bytes(1))).hasSize(32).isNotEqualTo(TRACE_ID);
        assertThat(job.bytes(4)).isEmpty();
        assertThat(job.message(15).text(2)).isEqualTo("main-0 exited with 1");
        assertThat(job.message(15).number(3)).isEqualTo(2);
        assertThat(attributes(job.messages(9))).containsEntry("error.type", "job");
    }

    @Test
    void nobodyWaitsForACollectorThatIsAway() {
        JobTraces traces =
                JobTraces.begin(new TracingSettings(URI.create("http://127.0.0.1:1"), "g"), "1")
                        .orElseThrow();
        for (int i = 0; i < 10_000; i++) {
            traces.settled(JOB, result(Trace.NONE, Optional.empty()));
        }

        traces.close();

        assertThat(received).isEmpty();
    }

    @Test
    void aPlatformsVariablesForOtherProgramsChangeNothing() {
        Map<String, String> injected =
                Map.of(
                        "otel.exporter.otlp.protocol", "grpc",
                        "otel.exporter.otlp.traces.protocol", "grpc",
                        "otel.propagators", "xray");
        injected.forEach(System::setProperty);
        try (JobTraces traces = traces()) {
            traces.settled(JOB, result(Trace.NONE, Optional.empty()));
        } finally {
            injected.keySet().forEach(System::clearProperty);
        }

        assertThat(spans()).containsKey("job");
    }

    @Test
    void thereAreNoTracesIfOpenTelemetryCannotBegin() {
        System.setProperty("otel.traces.sampler", "nobody-knows-this-one");
        try {
            assertThat(begin()).isEmpty();
        } finally {
            System.clearProperty("otel.traces.sampler");
        }
    }

    @Test
    void anEndpointHasToBeAUrl() {
        assertThatThrownBy(() -> new TracingSettings(URI.create("collector:4318"), "g"))
                .hasMessageContaining("endpoint: expected http://HOST:PORT");
    }

    private JobTraces traces() {
        return begin().orElseThrow();
    }

    private Optional<JobTraces> begin() {
        return JobTraces.begin(
                new TracingSettings(
                        URI.create("http://127.0.0.1:" + collector.getAddress().getPort()),
                        "builds"),
                "1.2.3");
    }

    private Map<String, Protobuf> spans() {
        await().until(() -> !received.isEmpty());
        Map<String, Protobuf> spans = new LinkedHashMap<>();
        for (Protobuf request : received) {
            for (Protobuf scope : request.message(1).messages(2)) {
                scope.messages(2).forEach(span -> spans.put(span.text(5), span));
            }
        }
        return spans;
    }

    private static Protobuf span(Map<String, Protobuf> spans, String name) {
        return Objects.requireNonNull(spans.get(name), name);
    }

    private Map<String, String> resource() {
        return attributes(received.element().message(1).message(1).messages(1));
    }

    private static Map<String, String> attributes(List<Protobuf> pairs) {
        Map<String, String> attributes = new LinkedHashMap<>();
        pairs.forEach(pair -> attributes.put(pair.text(1), value(pair.message(2))));
        return attributes;
    }

    private static String value(Protobuf value) {
        if (!value.text(1).isEmpty()) {
            return value.text(1);
        }
        if (value.number(4) != 0) {
            return Double.toString(Double.longBitsToDouble(value.number(4)));
        }
        List<Protobuf> arrays = value.messages(5);
        return arrays.isEmpty()
                ? Long.toString(value.number(3))
                : arrays.getFirst().messages(1).stream()
                        .map(JobTracesTest::value)
                        .toList()
                        .toString();
    }

    private static Instant at(long nanos) {
        return Instant.EPOCH.plusNanos(nanos);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static JobResult result(Trace trace, Optional<Failure> error) {
        MemberResult member =
                new MemberResult(
                        new Member(RoleName.MAIN, 0),
                        new MachineId("i-1"),
                        new Pool(Market.SPOT, "c7i.large", Optional.empty()),
                        OptionalInt.of(0),
                        new Captured(0, "", "", false),
                        new Captured(0, "", "", false),
                        List.of());
        return new JobResult(
                new JobId("bench-42"),
                1,
                error.isPresent() ? Outcome.FAILED : Outcome.SUCCEEDED,
                OptionalInt.of(0),
                error,
                List.of(member),
                Map.of(
                        Phase.QUEUED, Duration.ofSeconds(1),
                        Phase.LAUNCH, Duration.ofSeconds(2),
                        Phase.BOOT, Duration.ofSeconds(10),
                        Phase.CONNECT, Duration.ofSeconds(1),
                        Phase.SETUP, Duration.ofSeconds(5),
                        Phase.RUN, Duration.ofSeconds(9),
                        Phase.COLLECT, Duration.ofSeconds(1)),
                Duration.ofSeconds(33),
                Optional.of(new BigDecimal("0.0015")),
                PUBLISHED,
                Optional.of(PUBLISHED.plusSeconds(20)),
                PUBLISHED.plusSeconds(30),
                trace);
    }
}
