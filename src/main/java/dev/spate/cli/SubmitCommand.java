package dev.spate.cli;

import dev.spate.async.SystemScheduler;
import dev.spate.config.Configuration;
import dev.spate.engine.Incoming;
import dev.spate.job.JobId;
import dev.spate.job.JobResult;
import dev.spate.job.Outcome;
import dev.spate.kafka.JobMessages;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate submit}. */
@Command(
        name = "submit",
        description = {
            "Publish jobs; prints their ids, one a line.",
            "With --wait: prints their results as they come; exit code 1 if a job did not succeed.",
            "A message without an id gets one from its file's name."
        },
        footer = {
            "",
            "Examples:",
            "  spate submit --wait config/examples/hello.json",
            "  echo '{\"run\": \"uname -a\"}' | spate submit --wait -"
        })
final class SubmitCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

    @Option(names = "--wait", description = "Wait for the results.")
    private boolean isWaiting;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "1d",
            converter = DurationConverter.class,
            description = "How long to wait at most (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

    @Option(names = "--json", description = "Print results as JSON, one a line.")
    private boolean isJson;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "Job messages; several, one a line, in a .jsonl file; - = standard input.")
    private List<String> files = new ArrayList<>();

    SubmitCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logs.onlyTrouble();
        Configuration configuration =
                options.read(Configuration.Reader.CLIENT, terminal.environment());
        Map<JobId, byte[]> jobs = jobs(configuration);
        Instant since;
        try (JobsTopic topic = new JobsTopic(configuration.kafka())) {
            jobs.forEach(topic::submit);
            since = topic.flush();
        }
        if (!isWaiting) {
            jobs.keySet().forEach(id -> terminal.print(id.value()));
            return 0;
        }
        return await(configuration, jobs.keySet(), since) ? 0 : Main.EXIT_FAILURE;
    }

    private boolean await(Configuration configuration, Set<JobId> ids, Instant since) {
        ResultText text = new ResultText(terminal);
        AtomicInteger succeeded = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        try (SystemScheduler scheduler = new SystemScheduler();
                Progress progress = new Progress(terminal, ids.size())) {
            new ResultWait(configuration, scheduler)
                    .forEach(
                            ids,
                            since,
                            timeout,
                            arrived -> {
                                JobResult result = arrived.published().result();
                                progress.print(
                                        isJson ? arrived.published().json() : text.line(result));
                                if (arrived.isEarlier()) {
                                    terminal.complain(
                                            result.id()
                                                    + ": was done before; this is its result, and"
                                                    + " nothing was run");
                                }
                                if (result.outcome() == Outcome.SUCCEEDED) {
                                    succeeded.incrementAndGet();
                                }
                                progress.done(done.incrementAndGet());
                            });
        }
        return succeeded.get() == ids.size();
    }

    /** Nothing is sent if one of them is wrong. */
    private Map<JobId, byte[]> jobs(Configuration configuration) throws IOException {
        JobMessages messages = new JobMessages(configuration.profiles(), configuration.limits());
        Map<JobId, byte[]> jobs = new LinkedHashMap<>();
        for (Messages.Message message : Messages.read(files, terminal)) {
            JobId id = id(messages, message);
            if (jobs.put(id, message.value()) != null) {
                throw Refusal.failure(message.place() + ": id: " + id + " appears twice");
            }
        }
        if (jobs.isEmpty()) {
            throw Refusal.failure("expected a job message, found none");
        }
        return jobs;
    }

    private static JobId id(JobMessages messages, Messages.Message message) {
        JobId made = new JobId(message.stem() + "-" + UUID.randomUUID().toString().substring(0, 8));
        Incoming alone = messages.check(message.value(), Optional.empty());
        if (alone instanceof Incoming.Submitted said) {
            return said.job().id();
        }
        Optional<JobId> said =
                alone instanceof Incoming.Malformed malformed ? malformed.id() : Optional.empty();
        return switch (messages.check(message.value(), Optional.of(said.orElse(made)))) {
            case Incoming.Submitted submitted -> submitted.job().id();
            case Incoming.Cancelled cancelled -> cancelled.id();
            // Which profiles there are is for the worker to know.
            case Incoming.Malformed malformed
                    when malformed.why().message().startsWith("profile: ") ->
                    said.orElse(made);
            case Incoming.Malformed malformed -> throw refused(message, malformed);
        };
    }

    private static Refusal refused(Messages.Message message, Incoming.Malformed malformed) {
        return Refusal.failure(message.place() + ": " + malformed.why().message());
    }
}
