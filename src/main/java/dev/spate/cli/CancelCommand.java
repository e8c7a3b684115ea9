package dev.spate.cli;

import dev.spate.async.SystemScheduler;
import dev.spate.config.Configuration;
import dev.spate.job.JobId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate cancel}. */
@Command(
        name = "cancel",
        description = {
            "Ask that jobs not be done. A job that runs is stopped; one that is done stays as it is.",
            "The wish goes to every partition, because only who published a job knows which it is in;",
            "where the job is not, it is passed over."
        },
        footer = {
            "",
            "Examples:",
            "  spate cancel bench-42",
            "  spate cancel --api https://spate.example.com --token-file token bench-42"
        })
final class CancelCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin private final ConfigurationOptions options = new ConfigurationOptions();
    @Mixin private final ApiOptions api = new ApiOptions();
    @Mixin private final ApiOptions.TokenOption token = new ApiOptions.TokenOption();

    @Option(names = "--json", description = "Print the ids as JSON, one a line.")
    private boolean isJson;

    @Parameters(arity = "1..*", paramLabel = "ID", description = "The jobs' ids.")
    private List<String> ids = new ArrayList<>();

    CancelCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logs.onlyTrouble();
        List<JobId> jobs = ids.stream().map(JobIds::parse).toList();
        try (SystemScheduler scheduler = new SystemScheduler();
                JobsDoor door = open(scheduler)) {
            for (JobId id : jobs) {
                door.cancel(id);
            }
            door.flush();
        }
        if (isJson) {
            jobs.forEach(id -> terminal.print(JobIds.json(id)));
        } else {
            jobs.forEach(
                    id ->
                            terminal.complain(
                                    "spate cancel: asked for; spate jobs "
                                            + id
                                            + " tells what comes of it"));
        }
        return 0;
    }

    private JobsDoor open(SystemScheduler scheduler) {
        return api.address(terminal)
                .<JobsDoor>map(
                        base ->
                                new ApiDoor(
                                        new WorkerApi(base, token.read(terminal, base), scheduler)))
                .orElseGet(
                        () ->
                                new JobsTopic(
                                        options.readOrLocal(Configuration.Reader.CLIENT, terminal)
                                                .kafka()));
    }
}
