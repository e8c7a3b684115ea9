package dev.spate.cli;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.async.SystemScheduler;
import dev.spate.config.Configuration;
import dev.spate.job.Durations;
import dev.spate.job.JobId;
import dev.spate.job.JobResult;
import dev.spate.job.Outcome;
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
            "Exit code 1 if there is none for the id; with --wait, if the job did not succeed."
        },
        footer = {
            "",
            "Examples:",
            "  spate results --follow",
            "  spate results bench-42",
            "  spate results --wait bench-42 && echo it succeeded"
        })
final class ResultsCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(250);

    private final Terminal terminal;

    @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

    @Option(
            names = {"-f", "--follow"},
            description =
                    "Go on showing results as they come, until Ctrl-C; of one job, until it has one.")
    private boolean isFollowing;

    @Option(names = "--wait", description = "Wait for the job's result, and exit as it did.")
    private boolean isWaiting;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "1d",
            converter = DurationConverter.class,
            description = "How long --wait waits at most (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

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
        if (isWaiting && id.isEmpty()) {
            throw Refusal.usage("--wait: expected the id of a job to wait for, found none");
        }
        Optional<JobId> wanted = id.map(JobIds::parse);
        Configuration configuration = options.readOrLocal(Configuration.Reader.CLIENT, terminal);
        try (SystemScheduler scheduler = new SystemScheduler();
                ResultsTopic topic = new ResultsTopic(configuration.kafka());
                LastLine _ = new LastLine(terminal)) {
            wanted.ifPresent(one -> topic.only(List.of(one)));
            Optional<JobResult> last =
                    read(topic, wanted, Deadline.after(scheduler, timeout), scheduler);
            if (wanted.isPresent() && last.isEmpty()) {
                throw Refusal.failure("there is no result for " + wanted.get());
            }
            boolean hasFailed = isWaiting && last.orElseThrow().outcome() != Outcome.SUCCEEDED;
            return hasFailed ? Main.EXIT_FAILURE : 0;
        }
    }

    /** Prints results as they come, and returns the last of them. */
    private Optional<JobResult> read(
            ResultsTopic topic, Optional<JobId> wanted, Deadline deadline, Scheduler scheduler) {
        Map<TopicPartition, Long> ends = topic.ends();
        Optional<JobResult> last = Optional.empty();
        while (isMoreToCome(topic, ends, wanted, last)) {
            if (isWaiting && deadline.hasPassed(scheduler)) {
                throw Refusal.failure(
                        "no result for %s within %s"
                                .formatted(wanted.orElseThrow(), Durations.format(timeout)));
            }
            for (ResultsTopic.Published published : topic.next(POLL)) {
                if (wanted.isEmpty() || wanted.get().equals(published.result().id())) {
                    last = Optional.of(published.result());
                    print(published);
                }
            }
        }
        return last;
    }

    private boolean isMoreToCome(
            ResultsTopic topic,
            Map<TopicPartition, Long> ends,
            Optional<JobId> wanted,
            Optional<JobResult> last) {
        boolean isPatient = isFollowing || isWaiting;
        return isPatient ? wanted.isEmpty() || last.isEmpty() : !topic.isAtEnd(ends);
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
