package dev.spate.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.List;

/** What the Java machine and the process tell of themselves. */
final class ProcessMeters implements AutoCloseable {

    /** The one binder that listens to something, and has to be told to stop. */
    private final JvmGcMetrics collector = new JvmGcMetrics();

    ProcessMeters(MeterRegistry registry) {
        List<MeterBinder> binders =
                List.of(
                        new ClassLoaderMetrics(),
                        new JvmMemoryMetrics(),
                        new JvmThreadMetrics(),
                        new ProcessorMetrics(),
                        new UptimeMetrics(),
                        new FileDescriptorMetrics(),
                        collector);
        binders.forEach(binder -> binder.bindTo(registry));
        // The binder's own is in nanoseconds, which Prometheus' conventions do not allow.
        FunctionCounter.builder(
                        "process.cpu",
                        ManagementFactory.getOperatingSystemMXBean(),
                        ProcessMeters::cpuSeconds)
                .description("Processor time of this process, in user and system mode.")
                .baseUnit("seconds")
                .register(registry);
    }

    private static double cpuSeconds(OperatingSystemMXBean system) {
        return system instanceof com.sun.management.OperatingSystemMXBean sun
                ? sun.getProcessCpuTime() / 1e9
                : 0;
    }

    @Override
    public void close() {
        collector.close();
    }
}
