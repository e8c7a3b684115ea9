package dev.spate.lab;

import dev.spate.simulation.Simulate;

/** Whole workers on a fake clock, in weather drawn from seeds; every promise is checked. */
final class SimulateBenchmark implements Benchmark {

    private static final int SEEDS = 20_000;
    private static final int MUTATION_SEEDS = 2_000;

    @Override
    public String name() {
        return "simulate";
    }

    @Override
    public String summary() {
        return """
        whole workers in a storm drawn from a seed, judged by every promise: --seeds 20000 --from 1
                   --threads 1; --seed N --trace shows one; --mutations plants known mistakes,
                   --seed N --mutation NAME --trace shows one of them""";
    }

    @Override
    public boolean run(Options options) throws Exception {
        options.requireOnly("seeds", "from", "threads", "seed", "trace", "mutations", "mutation");
        Simulate simulate = new Simulate(System.out);
        if (options.has("mutations")) {
            return simulate.mutations(options.value("from", 1), MUTATION_SEEDS);
        }
        if (options.has("seed")) {
            long seed = options.value("seed", 1);
            String mutation = options.text("mutation").orElse("NONE");
            return options.has("trace")
                    ? simulate.trace(seed, mutation)
                    : simulate.seeds(seed, 1, 1);
        }
        return simulate.seeds(
                options.value("from", 1),
                options.value("seeds", SEEDS),
                options.value("threads", 1));
    }
}
