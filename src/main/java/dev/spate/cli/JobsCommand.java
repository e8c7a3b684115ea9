package dev.spate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.async.SystemScheduler;
import dev.spate.board.JobFilter;
import dev.spate.board.Stage;
import dev.spate.config.Configuration;
import dev.spate.job.JobId;
import dev.spate.job.Outcome;
import dev.spate.job.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate jobs}. */
@Command(
        name = "jobs",
        description = {
            "Show jobs, newest first, with what they wait for; or everything about one.",
            "Exit code 1 if there is no job of that id: it never came, or is forgotten.",
            "Values of variables and contents of files are not shown: there may be secrets in them."
        },
        footer = {
            "",
            "Examples:",
            "  spate jobs --state waiting --state running --watch",
            "  spate jobs bench-42",
            "  spate jobs --api http://worker:9400 --json"
        })
final class JobsCommand implements Callable<Integer> {

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private final Terminal terminal;

    @Mixin private final ConfigurationOptions options = new ConfigurationOptions();
    @Mixin private final ApiOptions api = new ApiOptions();

    @Option(
            names = {"-w", "--watch"},
            description = {
                "Go on until Ctrl-C, or until that job is done. On a terminal the table is kept up to"
                        + " date; elsewhere every change is a line."
            })
    private boolean isWatching;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description =
                    "Only jobs in this state: waiting, launching, preparing, running, retreating,"
                            + " settled or released; may be repeated.")
    private List<String> states = new ArrayList<>();

    @Option(
            names = "--outcome",
            paramLabel = "OUTCOME",
            description = "Only jobs with this outcome, such as failed; may be repeated.")
    private List<String> outcomes = new ArrayList<>();

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "Only jobs made with this profile; may be repeated.")
    private List<String> profiles = new ArrayList<>();

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "50",
            description = "How many at most, 1 to 500 (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(
            names = "--json",
            description = {
                "Print jobs as JSON, one a line. If some workers do not answer, a line before them"
                        + " says which: an object with nothing but \"missing\"."
            })
    private boolean isJson;

    @Parameters(arity = "0..1", paramLabel = "ID", description = "The job's id.")
    private Optional<String> id = Optional.empty();

    JobsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logs.onlyTrouble();
        JobFilter filter = filter();
        Optional<JobId> one = id.map(JobIds::parse);
        try (SystemScheduler scheduler = new SystemScheduler();
                JobBook book = open(scheduler);
                LastLine _ = new LastLine(terminal)) {
            JobsView view = new JobsView(terminal, scheduler, isJson, isWatching);
            boolean isDone = show(book, view, filter, one);
            while (isWatching && !isDone) {
                scheduler.sleep(INTERVAL);
                isDone = show(book, view, filter, one);
            }
        }
        return 0;
    }

    private JobBook open(SystemScheduler scheduler) {
        return api.open(terminal, scheduler)
                .<JobBook>map(ApiBook::new)
                .orElseGet(
                        () ->
                                new JournalBook(
                                        options.readOrLocal(Configuration.Reader.CLIENT, terminal)
                                                .kafka(),
                                        scheduler));
    }

    /** Whether there is nothing more to come. */
    private static boolean show(
            JobBook book, JobsView view, JobFilter filter, Optional<JobId> wanted)
            throws InterruptedException {
        if (wanted.isEmpty()) {
            view.show(book.list(filter));
            return false;
        }
        JsonNode job =
                book.job(wanted.get())
                        .orElseThrow(() -> Refusal.failure(JobIds.unknown(wanted.get())));
        view.show(job);
        return !job.path("outcome").isMissingNode();
    }

    private JobFilter filter() {
        if (limit < 1 || limit > JobFilter.LIMIT_MAX) {
            throw Refusal.usage(
                    "--limit: expected 1 to " + JobFilter.LIMIT_MAX + ", found " + limit);
        }
        return new JobFilter(
                parsed("--state", states, Stage::word, Stage.values()),
                parsed("--outcome", outcomes, Outcome::word, Outcome.values()),
                Set.copyOf(profiles),
                Optional.empty(),
                Optional.empty(),
                limit);
    }

    @SafeVarargs
    private static <T> Set<T> parsed(
            String option, List<String> given, Function<T, String> word, T... known) {
        Map<String, T> all = new LinkedHashMap<>();
        for (T one : known) {
            all.put(word.apply(one), one);
        }
        Set<T> parsed = new HashSet<>();
        for (String one : given) {
            T found = all.get(one);
            if (found == null) {
                throw Refusal.usage(
                        option
                                + ": expected one of "
                                + String.join(", ", all.keySet())
                                + ", found "
                                + Text.quoted(one));
            }
            parsed.add(found);
        }
        return parsed;
    }
}
