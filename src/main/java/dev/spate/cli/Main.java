package dev.spate.cli;

import static java.util.stream.Collectors.joining;

import dev.spate.config.ConfigurationMistakes;
import dev.spate.job.Spelling;
import dev.spate.job.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry: {@code spate COMMAND}. */
@Command(
        name = "spate",
        description = "Short jobs on short-lived EC2 machines, driven by Kafka.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Example:",
            "  spate demo",
            "  spate COMMAND --help says more about a command."
        })
public final class Main implements Runnable {

    static final int EXIT_FAILURE = 1;
    static final int EXIT_USAGE = 2;

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(Terminal.ofProcess(), arguments));
    }

    /** Runs a command and returns its exit code. Blocks until it is over. */
    static int run(Terminal terminal, String... arguments) {
        try {
            return commandLine(terminal).execute(arguments);
        } catch (Error fatal) {
            if (terminal.isDebugging()) {
                fatal.printStackTrace(terminal.err());
            }
            terminal.complain("spate: " + Text.oneLine(fatal.toString()));
            return EXIT_FAILURE;
        }
    }

    private static CommandLine commandLine(Terminal terminal) {
        CommandLine line = new CommandLine(new Main());
        List<Object> commands = Commands.all(terminal);
        commands.forEach(line::addSubcommand);
        line.getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().addOption(help()));
        tellExitCodes(line);
        line.getSubcommands().values().forEach(Main::tellExitCodes);
        return line.setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(
                        CommandLine.Help.defaultColorScheme(
                                terminal.hasColours() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler((wrong, _) -> misused(terminal, wrong))
                .setExecutionExceptionHandler(
                        (failure, command, _) -> failed(terminal, command, failure));
    }

    private static void tellExitCodes(CommandLine command) {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "success");
        codes.put("1", "failure, or a job that was waited for did not succeed");
        codes.put("2", "a mistake in the call or the configuration");
        codes.put("130", "ended by Ctrl-C");
        codes.put("143", "ended by SIGTERM");
        command.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(codes);
    }

    private static OptionSpec help() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help and exit.")
                .build();
    }

    @Override
    public void run() {
        throw Refusal.usage("expected a command, found none; spate --help lists them");
    }

    private static int misused(Terminal terminal, ParameterException wrong) {
        String name = wrong.getCommandLine().getCommandSpec().qualifiedName();
        for (String mistake : mistakes(wrong)) {
            terminal.complain(name + ": " + mistake + "; " + name + " --help tells more");
        }
        return EXIT_USAGE;
    }

    private static List<String> mistakes(ParameterException wrong) {
        if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
            return List.of(Text.oneLine(String.valueOf(wrong.getMessage())));
        }
        CommandSpec command = wrong.getCommandLine().getCommandSpec();
        List<String> written = unmatched.getUnmatched();
        if (unmatched.isUnknownOption()) {
            // The others among them may be what these were to be set to.
            return written.stream()
                    .filter(one -> one.startsWith("-"))
                    .map(one -> noSuchOption(one.split("=", 2)[0], command))
                    .toList();
        }
        if (command.subcommands().isEmpty()) {
            return List.of(
                    "expected no more arguments, found "
                            + written.stream().map(Text::quoted).collect(joining(", ")));
        }
        // What follows belongs to the command that there is not.
        String first = written.getFirst();
        return List.of(
                "no such command: "
                        + Text.quoted(first)
                        + Spelling.hint(first, command.subcommands().keySet()));
    }

    private static String noSuchOption(String written, CommandSpec command) {
        List<String> known =
                command.optionsMap().keySet().stream()
                        .filter(name -> name.startsWith("--"))
                        .toList();
        return "no such option: " + Text.quoted(written) + Spelling.hint(written, known);
    }

    private static int failed(Terminal terminal, CommandLine command, Exception failure) {
        if (terminal.isDebugging()) {
            failure.printStackTrace(terminal.err());
        }
        String name = command.getCommandSpec().qualifiedName();
        return switch (failure) {
            case ConfigurationMistakes mistakes -> {
                mistakes.mistakes().forEach(line -> terminal.complain(name + ": " + line));
                yield EXIT_USAGE;
            }
            case Refusal refusal -> {
                refusal.reasons()
                        .forEach(why -> terminal.complain(name + ": " + Text.oneLine(why)));
                yield refusal.exitCode();
            }
            case Exception other -> {
                terminal.complain(name + ": " + Text.oneLine(reason(other)));
                yield EXIT_FAILURE;
            }
        };
    }

    /** What went wrong, from the outside in, without the wrapping that says nothing of its own. */
    static String reason(Throwable failure) {
        StringBuilder reason = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            boolean isWrapping =
                    cause.getCause() != null
                            && String.valueOf(message).contains(cause.getCause().toString());
            if (message != null && !isWrapping && reason.indexOf(message) < 0) {
                reason.append(reason.isEmpty() ? "" : ": ").append(message);
            }
        }
        return reason.isEmpty()
                ? failure.getClass().getSimpleName() + " (SPATE_DEBUG=1 shows where)"
                : reason.toString();
    }
}
