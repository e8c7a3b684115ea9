/**
 * Counts what happens, in Prometheus' terms.
 *
 * <p>Start with {@link dev.spate.metrics.Meters}: it listens to the engine and the fleet, asks for
 * what has to be asked when somebody scrapes, and answers in Prometheus' text format. Every name
 * starts with {@code spate_}, is in base units and has a bounded set of label values; an id of a
 * job or a machine is never a label.
 *
 * <p>The only package that knows Micrometer; knows nothing of HTTP. Safe for any thread.
 */
@NullMarked
package dev.spate.metrics;

import org.jspecify.annotations.NullMarked;
