package dev.spate.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.config.Configuration;
import dev.spate.engine.Incoming;
import dev.spate.job.JobId;
import dev.spate.kafka.JobMessages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spate check}. */
@Command(
        name = "check",
        description = "Check job messages without sending them; exit code 1 if one is wrong.",
        footer = {"", "Example:", "  spate check config/examples/hello.json"})
final class CheckCommand implements Callable<Integer> {

    private static final JobId STAND_IN = new JobId("without-id");

    private final Terminal terminal;

    @Mixin private final ConfigurationOptions options = new ConfigurationOptions();

    @Option(names = "--json", description = "Print what was found as JSON, one message a line.")
    private boolean isJson;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "Job messages; several, one a line, in a .jsonl file; - = standard input.")
    private List<String> files = new ArrayList<>();

    CheckCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Logs.onlyTrouble();
        Configuration configuration =
                options.read(Configuration.Reader.CLIENT, terminal.environment());
        JobMessages messages = new JobMessages(configuration.profiles(), configuration.limits());
        int wrong = 0;
        for (Messages.Message message : Messages.read(files, terminal)) {
            Incoming found = checked(messages, message);
            if (found instanceof Incoming.Malformed) {
                wrong++;
            }
            terminal.print(
                    isJson
                            ? json(message, found).toString()
                            : message.place() + ": " + summary(found));
        }
        return wrong == 0 ? 0 : Main.EXIT_FAILURE;
    }

    /** A message may leave its id to the record's key, so one without is checked with some key. */
    private static Incoming checked(JobMessages messages, Messages.Message message) {
        Incoming alone = messages.check(message.value(), Optional.empty());
        return alone instanceof Incoming.Malformed malformed && malformed.id().isEmpty()
                ? messages.check(message.value(), Optional.of(STAND_IN))
                                instanceof Incoming.Submitted ok
                        ? ok
                        : alone
                : alone;
    }

    private static String summary(Incoming found) {
        return switch (found) {
            case Incoming.Malformed malformed -> malformed.why().message();
            case Incoming.Submitted submitted -> {
                int machines = submitted.job().members().size();
                yield "ok, " + machines + (machines == 1 ? " machine" : " machines");
            }
            case Incoming.Cancelled _ -> "a cancellation";
        };
    }

    private static ObjectNode json(Messages.Message message, Incoming found) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("place", message.place());
        return switch (found) {
            case Incoming.Malformed malformed ->
                    json.put("ok", false).put("error", malformed.why().message());
            case Incoming.Submitted submitted ->
                    json.put("ok", true).put("machines", submitted.job().members().size());
            case Incoming.Cancelled _ -> json.put("ok", true).put("cancels", true);
        };
    }
}
