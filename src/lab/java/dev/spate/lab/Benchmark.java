package dev.spate.lab;

import java.util.List;

/** Something to be measured. */
interface Benchmark {

    /** What {@code ./lab NAME} calls it. */
    String name();

    /** What it measures, against whom, with which options: a line or two. */
    String summary();

    /**
     * Measures and prints. Takes as long as it takes; leaves nothing behind.
     *
     * @param options what followed the name
     * @return whether the targets are met
     */
    boolean run(Options options) throws Exception;

    /** All there are. */
    static List<Benchmark> all() {
        return List.of(
                new BatchBenchmark(),
                new SshBenchmark(),
                new JobsBenchmark(),
                new OutputBenchmark(),
                new StopBenchmark(),
                new WatchBenchmark(),
                new PageBenchmark(),
                new BoardBenchmark(),
                new Chaos(),
                new SimulateBenchmark());
    }
}
