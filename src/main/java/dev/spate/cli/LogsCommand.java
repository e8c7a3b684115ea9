package dev.spate.cli;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.async.SystemScheduler;
import dev.spate.config.Configuration;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.Member;
import dev.spate.job.StreamName;
import dev.spate.kafka.JournalReader;
import dev.spate.kafka.KafkaSettings;
import dev.spate.kafka.LogPiece;
import dev.spate.kafka.LogReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate logs}. */
@Command(
        name = "logs",
        description = {
            "Show what a job writes: standard output and standard error, each where it belongs.",
            "Exit code 1 if no journal has the id."
        },
        footer = {
            "",
            "Examples:",
            "  spate logs -f bench-42",
            "  spate logs bench-42 --role client"
        })
final class LogsCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(250);

    /** A job that was published just now may not have been claimed yet. */
    private static final Duration APPEARS_WITHIN = Duration.ofSeconds(5);

    /** How often to look whether the job has been settled. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Terminal terminal;

    @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on showing what comes, until the job is done.")
    private boolean isFollowing;

    @Option(names = "--role", paramLabel = "NAME", description = "Only this role's members.")
    private Optional<String> role = Optional.empty();

    @Option(names = "--index", paramLabel = "N", description = "Only the member of this index.")
    private Optional<Integer> index = Optional.empty();

    @Option(names = "--stdout", description = "Only standard output.")
    private boolean isOut;

    @Option(names = "--stderr", description = "Only standard error, on standard output.")
    private boolean isErr;

    @Option(names = "--json", description = "Print JSON, one piece a line, the bytes in base64.")
    private boolean isJson;

    @Parameters(paramLabel = "ID", description = "The job's id.")
    private String id = "";

    LogsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logs.onlyTrouble();
        KafkaSettings kafka = options.readOrLocal(Configuration.Reader.CLIENT, terminal).kafka();
        JobId job = JobIds.parse(id);
        try (SystemScheduler scheduler = new SystemScheduler();
                JournalReader journal = journal(kafka, job, scheduler);
                LastLine _ = new LastLine(terminal)) {
            JournalReader.Entry located =
                    journal.find(job).orElseThrow(() -> Refusal.failure(JobIds.unknown(job)));
            requireLogged(located.record());
            try (LogReader reader =
                    new LogReader(
                            kafka,
                            job,
                            OptionalInt.of(located.shard()),
                            located.record().publishedAt(),
                            scheduler)) {
                show(job, located.record(), reader, journal, scheduler);
            }
        } catch (KafkaException unreachable) {
            throw Refusal.ofKafka(kafka.bootstrapServers(), unreachable);
        }
        return 0;
    }

    /** A reader of the journal that has read the job, if it is there. */
    private JournalReader journal(KafkaSettings kafka, JobId job, Scheduler scheduler)
            throws InterruptedException {
        JournalReader likely = JournalReader.ofLikelyShard(job, kafka, scheduler);
        if (has(likely, job)) {
            return likely;
        }
        likely.close();
        JournalReader all = new JournalReader(kafka, scheduler);
        Deadline deadline = Deadline.after(scheduler, isFollowing ? APPEARS_WITHIN : Duration.ZERO);
        while (!has(all, job) && !deadline.hasPassed(scheduler)) {
            scheduler.sleep(POLL);
        }
        return all;
    }

    private static boolean has(JournalReader journal, JobId job) throws InterruptedException {
        journal.catchUp(_ -> {});
        return journal.find(job).isPresent();
    }

    private static void requireLogged(JobRecord record) {
        if (!record.job().isLogged()) {
            throw Refusal.failure(
                    "job "
                            + record.id()
                            + " was published with \"logs\": false; spate results shows the"
                            + " beginning and the end of its output");
        }
    }

    private void show(
            JobId job,
            JobRecord found,
            LogReader reader,
            JournalReader journal,
            Scheduler scheduler)
            throws InterruptedException {
        List<Member> wanted = found.job().members().stream().filter(this::isWanted).toList();
        if (wanted.isEmpty()) {
            throw Refusal.usage(
                    "--role, --index: job "
                            + job
                            + " has no such member, but "
                            + String.join(
                                    ", ",
                                    found.job().members().stream().map(Member::toString).toList()));
        }
        OutputText text = new OutputText(terminal, isJson, wanted.size() > 1, only());
        boolean isLast = !isFollowing || found.state().isSettled();
        boolean isSettled = found.state().isSettled();
        if (isLast) {
            reader.untilNow();
        }
        Deadline look = Deadline.after(scheduler, LOOK);
        while (!isLast || !reader.isAtEnd()) {
            for (LogPiece piece : reader.next(POLL)) {
                if (isWanted(piece.member())) {
                    text.print(piece);
                }
            }
            if (!isLast && look.hasPassed(scheduler)) {
                look = Deadline.after(scheduler, LOOK);
                if (isSettled(journal, job)) {
                    // What belongs to a result was published before it.
                    isSettled = true;
                    isLast = true;
                    reader.untilNow();
                }
            }
        }
        if (isSettled) {
            text.settled();
        } else {
            text.end();
        }
    }

    private static boolean isSettled(JournalReader journal, JobId job) throws InterruptedException {
        journal.catchUp(_ -> {});
        return journal.find(job).map(there -> there.record().state().isSettled()).orElse(true);
    }

    private boolean isWanted(Member member) {
        return role.map(name -> name.equals(member.role().value())).orElse(true)
                && index.map(number -> number == member.index()).orElse(true);
    }

    private Optional<StreamName> only() {
        if (isOut == isErr) {
            return Optional.empty();
        }
        return Optional.of(isOut ? StreamName.STDOUT : StreamName.STDERR);
    }
}
