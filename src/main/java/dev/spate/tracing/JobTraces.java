package dev.spate.tracing;

import dev.spate.engine.EngineEvents;
import dev.spate.job.Failure;
import dev.spate.job.Job;
import dev.spate.job.JobResult;
import dev.spate.job.Trace;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a trace of every settled job: a span from publication to result, as a part of the trace the
 * job's message came with, and one for each phase. The end of a job waits for nothing here.
 */
public final class JobTraces implements EngineEvents, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(JobTraces.class);

    /** Whoever stops a worker waits at most so long for the last spans. */
    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

    private static final AttributeKey<List<String>> TYPES =
            AttributeKey.stringArrayKey("spate.machine.types");

    private final OpenTelemetrySdk sdk;
    private final Tracer tracer;
    private final LibraryLog libraryLog;

    /**
     * Begins. Nothing is sent before the first job is settled.
     *
     * @param version of this build
     * @return empty if OpenTelemetry does not understand its environment variables, which a warning
     *     tells: jobs are worth more than their traces
     */
    public static Optional<JobTraces> begin(TracingSettings settings, String version) {
        try {
            return Optional.of(new JobTraces(settings, version));
        } catch (RuntimeException refused) {
            log.warn("There are no traces: OpenTelemetry cannot begin", refused);
            return Optional.empty();
        }
    }

    private JobTraces(TracingSettings settings, String version) {
        this.sdk =
                AutoConfiguredOpenTelemetrySdk.builder()
                        .addPropertiesSupplier(() -> Map.of("otel.service.name", "spate"))
                        .addPropertiesCustomizer(_ -> fixed(settings))
                        .addResourceCustomizer(
                                (resource, _) ->
                                        resource.merge(
                                                Resource.create(
                                                        Attributes.builder()
                                                                .put("service.version", version)
                                                                .put(
                                                                        "spate.group",
                                                                        settings.group())
                                                                .build())))
                        .disableShutdownHook()
                        .build()
                        .getOpenTelemetrySdk();
        this.tracer = sdk.getTracer("dev.spate", version);
        this.libraryLog = LibraryLog.open();
    }

    /** What is so whatever the environment says. */
    private static Map<String, String> fixed(TracingSettings settings) {
        return Map.of(
                "otel.exporter.otlp.endpoint", settings.endpoint().toString(),
                "otel.traces.exporter", "otlp",
                // Platforms set these for whatever they run: protocols that are not in this build,
                // and forms of context that messages do not have.
                "otel.exporter.otlp.protocol", "http/protobuf",
                "otel.exporter.otlp.traces.protocol", "http/protobuf",
                "otel.propagators", "tracecontext",
                // Metrics are Prometheus' business, logs whoever's reads standard error.
                "otel.metrics.exporter", "none",
                "otel.logs.exporter", "none");
    }

    @Override
    public void settled(Job job, JobResult result) {
        Span whole =
                tracer.spanBuilder("job")
                        .setParent(parent(result.trace()))
                        .setSpanKind(SpanKind.CONSUMER)
                        .setStartTimestamp(result.publishedAt())
                        .setAllAttributes(attributes(job, result))
                        .startSpan();
        Context context = Context.root().with(whole);
        for (Spans.Span phase : Spans.of(result)) {
            tracer.spanBuilder(phase.phase().word())
                    .setParent(context)
                    .setStartTimestamp(phase.begin())
                    .startSpan()
                    .end(phase.end());
        }
        Optional<Failure> error = result.error();
        error.ifPresent(why -> whole.setStatus(StatusCode.ERROR, why.message()));
        whole.end(result.settledAt());
    }

    /** Sends what is left. Blocks for two seconds at most. */
    @Override
    public void close() {
        var _ = sdk.shutdown().join(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
        libraryLog.close();
    }

    private static Attributes attributes(Job job, JobResult result) {
        var attributes =
                Attributes.builder()
                        .put("spate.job", result.id().value())
                        .put("spate.profile", job.profile())
                        .put("spate.outcome", result.outcome().word())
                        .put("spate.attempt", result.attempt())
                        .put("spate.machine.seconds", result.machineTime().toMillis() / 1e3)
                        .put(
                                TYPES,
                                result.members().stream()
                                        .map(member -> member.pool().type())
                                        .distinct()
                                        .toList());
        result.exitCode().ifPresent(code -> attributes.put("spate.exit_code", code));
        result.costUsd().ifPresent(usd -> attributes.put("spate.cost_usd", usd.doubleValue()));
        result.error()
                .ifPresent(
                        why ->
                                attributes.put(
                                        "error.type", why.kind().name().toLowerCase(Locale.ROOT)));
        return attributes.build();
    }

    private static Context parent(Trace trace) {
        return W3CTraceContextPropagator.getInstance().extract(Context.root(), trace, FROM_TRACE);
    }

    private static final TextMapGetter<Trace> FROM_TRACE =
            new TextMapGetter<>() {
                @Override
                public @Nullable String get(@Nullable Trace carrier, String key) {
                    if (carrier == null) {
                        return null;
                    }
                    return switch (key) {
                        case "traceparent" -> carrier.parent().orElse(null);
                        case "tracestate" -> carrier.state().orElse(null);
                        default -> null;
                    };
                }
            };
}
