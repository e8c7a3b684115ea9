package dev.spate.cli;

import dev.spate.config.Configuration;
import dev.spate.job.JobId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate results}. */
@Command(
        name = "results",
        description = {
            "Show results: one line each, or everything about one job.",
            "Exit code 1 if there is none for the id."
        },
        footer = {"", "Examples:", "  spate results --follow", "  spate results bench-42"})
final class ResultsCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(250);

    private final Terminal terminal;

    @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

    @Option(
            names = {"-f", "--follow"},
            description =
                    "Go on showing results as they come, until Ctrl-C; of one job, until it has one.")
    private boolean isFollowing;

    @Option(names = "--json", description = "Print results as JSON, one a line.")
    private boolean isJson;

    @Parameters(arity = "0..1", paramLabel = "ID", description = "The job's id.")
    private Optional<String> id = Optional.empty();

    ResultsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Logs.onlyTrouble();
        Configuration configuration =
                options.read(Configuration.Reader.CLIENT, terminal.environment());
        Optional<JobId> wanted = id.map(JobIds::parse);
        boolean isFound = false;
        try (ResultsTopic topic = new ResultsTopic(configuration.kafka())) {
            wanted.ifPresent(one -> topic.only(List.of(one)));
            Map<TopicPartition, Long> ends = topic.ends();
            while (isFollowing ? wanted.isEmpty() || !isFound : !topic.isAtEnd(ends)) {
                for (ResultsTopic.Published published : topic.next(POLL)) {
                    if (wanted.isEmpty() || wanted.get().equals(published.result().id())) {
                        isFound = true;
                        print(published);
                    }
                }
            }
        }
        if (wanted.isPresent() && !isFound) {
            throw Refusal.failure("there is no result for " + wanted.get());
        }
        return 0;
    }

    private void print(ResultsTopic.Published published) {
        ResultText text = new ResultText(terminal);
        if (isJson) {
            terminal.print(published.json());
        } else if (id.isPresent()) {
            text.page(published.result()).forEach(terminal::print);
        } else {
            terminal.print(text.line(published.result()));
        }
    }
}
