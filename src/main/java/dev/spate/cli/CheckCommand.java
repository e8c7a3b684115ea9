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
            // A message may leave its id to the record's key.
            Incoming found = messages.submission(message.value(), STAND_IN);
            if (found instanceof Incoming.Malformed) {
                wrong++;
            }
            if (isJson) {
                terminal.print(json(message, found).toString());
            } else {
                said(found).forEach(line -> terminal.print(message.place() + ": " + line));
            }
        }
        return wrong == 0 ? 0 : Main.EXIT_FAILURE;
    }

    /** A line for each mistake. */
    private static List<String> said(Incoming found) {
        return switch (found) {
            case Incoming.Malformed malformed -> malformed.mistakes();
            case Incoming.Submitted submitted -> {
                int machines = submitted.job().members().size();
                yield List.of("ok, " + machines + (machines == 1 ? " machine" : " machines"));
            }
            case Incoming.Cancelled _ -> List.of("a cancellation");
        };
    }

    private static ObjectNode json(Messages.Message message, Incoming found) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("place", message.place());
        return switch (found) {
            case Incoming.Malformed malformed -> {
                json.put("ok", false).put("error", malformed.why().message());
                malformed.mistakes().forEach(json.putArray("mistakes")::add);
                yield json;
            }
            case Incoming.Submitted submitted ->
                    json.put("ok", true).put("machines", submitted.job().members().size());
            case Incoming.Cancelled _ -> json.put("ok", true).put("cancels", true);
        };
    }
}
