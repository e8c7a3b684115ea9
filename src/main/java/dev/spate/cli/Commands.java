package dev.spate.cli;

import java.util.List;

/** The commands there are, in the order of the help. */
final class Commands {

    private Commands() {}

    static List<Object> all(Terminal terminal) {
        return List.of(
                new DemoCommand(terminal),
                new LocalCommand(terminal),
                new WorkerCommand(terminal),
                new SubmitCommand(terminal),
                new CancelCommand(terminal),
                new JobsCommand(terminal),
                new ResultsCommand(terminal),
                new LogsCommand(terminal),
                new MachinesCommand(terminal),
                new ReapCommand(terminal),
                new CheckCommand(terminal),
                new TopicsCommand(terminal),
                new BrokerCommand(terminal),
                new CloudCommand(terminal),
                new CompletionCommand(terminal));
    }
}
