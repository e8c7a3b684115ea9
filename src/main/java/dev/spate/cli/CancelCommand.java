package dev.spate.cli;

import dev.spate.config.Configuration;
import dev.spate.job.JobId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code spate cancel}. */
@Command(
        name = "cancel",
        description = {
            "Ask that jobs not be done. A job that runs is stopped; one that is done stays as it is.",
            "The wish goes to every partition, because only who published a job knows which it is in;",
            "where the job is not, it is passed over."
        },
        footer = {"", "Example:", "  spate cancel bench-42"})
final class CancelCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

    @Parameters(arity = "1..*", paramLabel = "ID", description = "The jobs' ids.")
    private List<String> ids = new ArrayList<>();

    CancelCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logs.onlyTrouble();
        Configuration configuration =
                options.read(Configuration.Reader.CLIENT, terminal.environment());
        List<JobId> jobs = ids.stream().map(JobIds::parse).toList();
        try (JobsTopic topic = new JobsTopic(configuration.kafka())) {
            jobs.forEach(topic::cancel);
            topic.flush();
        }
        return 0;
    }
}
