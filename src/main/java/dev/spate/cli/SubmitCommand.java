package dev.spate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.async.Scheduler;
import dev.spate.async.SystemScheduler;
import dev.spate.config.Configuration;
import dev.spate.engine.Incoming;
import dev.spate.job.JobId;
import dev.spate.job.JobResult;
import dev.spate.job.Outcome;
import dev.spate.kafka.JobMessages;
import java.io.IOException;
import java.net.URI;
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
            "A message without an id gets one: its file's name and some random digits."
        },
        footer = {
            "",
            "Examples:",
            "  spate submit --wait config/examples/hello.json",
            "  echo '{\"run\": \"uname -a\"}' | spate submit --wait -",
            "  spate submit --api https://spate.example.com --token-file token bench.json"
        })
final class SubmitCommand implements Callable<Integer> {

    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private final Terminal terminal;

    @Mixin private final ConfigurationOptions options = new ConfigurationOptions();
    @Mixin private final ApiOptions api = new ApiOptions();
    @Mixin private final ApiOptions.TokenOption token = new ApiOptions.TokenOption();

    @Option(names = "--wait", description = "Wait for the results.")
    private boolean isWaiting;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "1d",
            converter = DurationConverter.class,
            description = "How long to wait at most (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

    @Option(names = "--json", description = "Print ids or results as JSON, one a line.")
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
        Optional<URI> worker = api.address(terminal);
        Configuration configuration =
                worker.isPresent()
                        ? options.read(Configuration.Reader.CLIENT, terminal.environment())
                        : options.readOrLocal(Configuration.Reader.CLIENT, terminal);
        Map<JobId, byte[]> jobs = jobs(configuration);
        try (SystemScheduler scheduler = new SystemScheduler()) {
            Instant began = scheduler.now();
            Instant since;
            try (JobsDoor door =
                    worker.<JobsDoor>map(
                                    base ->
                                            new ApiDoor(
                                                    new WorkerApi(
                                                            base,
                                                            token.read(terminal, base),
                                                            scheduler)))
                            .orElseGet(() -> new JobsTopic(configuration.kafka()))) {
                for (Map.Entry<JobId, byte[]> job : jobs.entrySet()) {
                    door.submit(job.getKey(), job.getValue());
                }
                since = door.flush();
            }
            if (!isWaiting) {
                jobs.keySet().forEach(id -> terminal.print(isJson ? JobIds.json(id) : id.value()));
                return 0;
            }
            try (Tally tally = new Tally(terminal, jobs.size())) {
                if (worker.isPresent()) {
                    await(worker.get(), scheduler, jobs.keySet(), began, tally);
                } else {
                    await(new ResultWait(configuration, scheduler), jobs.keySet(), since, tally);
                }
                return tally.haveAllSucceeded() ? 0 : Main.EXIT_FAILURE;
            }
        }
    }

    private void await(ResultWait results, Set<JobId> ids, Instant since, Tally tally) {
        ResultText text = new ResultText(terminal);
        results.forEach(
                ids,
                since,
                timeout,
                arrived -> {
                    JobResult result = arrived.published().result();
                    tally.add(
                            isJson ? arrived.published().json() : text.line(result),
                            result.outcome() == Outcome.SUCCEEDED);
                    if (arrived.isEarlier()) {
                        terminal.complain(wasDoneBefore(result.id().value()));
                    }
                });
    }

    private static String wasDoneBefore(String id) {
        return id
                + ": was done before; this is its result, and nothing was run (another job needs"
                + " another id)";
    }

    private void await(URI worker, Scheduler scheduler, Set<JobId> ids, Instant began, Tally tally)
            throws InterruptedException {
        JobText text = new JobText(terminal, Integer.MAX_VALUE);
        try (ApiBook book = new ApiBook(new WorkerApi(worker, Optional.empty(), scheduler))) {
            new JobWait(book, scheduler)
                    .forEach(
                            ids,
                            timeout,
                            (job, now) -> {
                                tally.add(
                                        isJson ? job.toString() : text.line(job, now),
                                        job.path("outcome")
                                                .asText()
                                                .equals(Outcome.SUCCEEDED.word()));
                                if (isOlder(job, began)) {
                                    terminal.complain(wasDoneBefore(job.path("id").asText()));
                                }
                            });
        }
    }

    /** By the worker's clock and ours, which need not agree to the second. */
    private static boolean isOlder(JsonNode job, Instant began) {
        return JobText.instant(job, "publishedAt")
                .filter(at -> at.isBefore(began.minus(CLOCKS_DIFFER)))
                .isPresent();
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
        return switch (messages.submission(message.value(), made)) {
            case Incoming.Submitted submitted -> submitted.job().id();
            case Incoming.Cancelled cancelled -> cancelled.id();
            case Incoming.Malformed malformed -> {
                List<String> mistakes =
                        malformed.mistakes().stream()
                                // Which profiles there are is for the worker to know.
                                .filter(mistake -> !mistake.startsWith("profile: "))
                                .map(mistake -> message.place() + ": " + mistake)
                                .toList();
                if (!mistakes.isEmpty()) {
                    throw Refusal.failure(mistakes);
                }
                yield malformed.id().orElse(made);
            }
        };
    }
}
