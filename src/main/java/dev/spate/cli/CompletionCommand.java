package dev.spate.cli;

import dev.spate.job.Text;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spate completion}. */
@Command(
        name = "completion",
        description = "Print a script with which bash or zsh completes commands and options.",
        footer = {
            "",
            "Examples:",
            "  source <(spate completion bash)",
            "  spate completion zsh >> ~/.zshrc"
        })
final class CompletionCommand implements Callable<Integer> {

    private enum Shell {
        BASH,
        ZSH
    }

    private final Terminal terminal;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private String shell = "";

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Shell wanted = parse(shell);
        if (wanted == Shell.ZSH) {
            terminal.print("autoload -Uz compinit bashcompinit && compinit && bashcompinit");
        }
        terminal.print(AutoComplete.bash("spate", spec.root().commandLine()).stripTrailing());
        return 0;
    }

    private static Shell parse(String name) {
        for (Shell shell : Shell.values()) {
            if (shell.name().toLowerCase(Locale.ROOT).equals(name)) {
                return shell;
            }
        }
        throw Refusal.usage("expected bash or zsh, found " + Text.quoted(name));
    }
}
