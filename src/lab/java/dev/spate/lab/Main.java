package dev.spate.lab;

import java.util.List;
import java.util.Optional;

/** {@code ./lab}: lists the benchmarks, or runs one. */
final class Main {

    private Main() {}

    /**
     * Exits with 0 if the benchmark's targets are met, 1 if not, 2 if there is none of the name.
     */
    public static void main(String[] arguments) throws Exception {
        List<String> words = List.of(arguments);
        if (words.isEmpty()) {
            System.out.println("./lab NAME [--option N ...]");
            for (Benchmark benchmark : Benchmark.all()) {
                System.out.printf("%n  %-8s %s%n", benchmark.name(), benchmark.summary());
            }
            return;
        }
        String name = words.getFirst();
        Optional<Benchmark> chosen =
                Benchmark.all().stream().filter(each -> each.name().equals(name)).findFirst();
        if (chosen.isEmpty()) {
            System.err.println("lab: there is no benchmark " + name + "; ./lab lists them");
            System.exit(2);
        } else {
            System.exit(run(chosen.get(), words.subList(1, words.size())));
        }
    }

    private static int run(Benchmark benchmark, List<String> words) throws Exception {
        try {
            return benchmark.run(new Options(words)) ? 0 : 1;
        } catch (Options.Misused misused) {
            System.err.println("lab " + benchmark.name() + ": " + misused.getMessage());
            return 2;
        }
    }
}
