/**
 * Settled jobs as OpenTelemetry traces, for whoever has a collector. Start with {@link
 * dev.spate.tracing.JobTraces}.
 *
 * <p>Knows results of jobs and nothing of how they came about. No class of OpenTelemetry's is
 * loaded unless {@link dev.spate.tracing.JobTraces} is: a worker without a collector pays nothing.
 * Spans are exported by a thread of OpenTelemetry's own, from a queue that drops what it cannot
 * hold; nobody ever waits for it but whoever closes it.
 */
@NullMarked
package dev.spate.tracing;

import org.jspecify.annotations.NullMarked;
