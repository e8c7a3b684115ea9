package dev.spate.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.Arrays;
import java.util.Set;

/**
 * Leaves out what libraries tell in names that Prometheus' conventions forbid, and what they tell
 * for every broker: its number of series would be ours times theirs.
 *
 * @see <a href="https://prometheus.io/docs/practices/naming/">Metric and label naming</a>
 */
final class PrometheusNames implements MeterFilter {

    private static final Set<String> UNITS_NOT_BASE = Set.of("ns", "ms");

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        String name = id.getName();
        boolean isForeign = !name.startsWith("spate.");
        boolean isMisnamed =
                name.endsWith(".count")
                        || Arrays.stream(name.split("\\.")).anyMatch(UNITS_NOT_BASE::contains)
                        || "ns".equals(id.getBaseUnit());
        boolean isPerBroker = id.getTag("node.id") != null;
        return isForeign && (isMisnamed || isPerBroker)
                ? MeterFilterReply.DENY
                : MeterFilterReply.NEUTRAL;
    }
}
