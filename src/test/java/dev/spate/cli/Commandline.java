package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

/**
 * What came of a command, run in this process.
 *
 * @param exitCode what the shell would see
 * @param out lines of standard output
 * @param err lines of standard error
 */
record Commandline(int exitCode, List<String> out, List<String> err) {

    /** Runs it, with nobody looking. */
    static Commandline run(Map<String, String> environment, String in, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal =
                new Terminal(
                        new ByteArrayInputStream(in.getBytes(UTF_8)),
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        environment,
                        false);
        int exitCode = Main.run(terminal, arguments);
        return new Commandline(
                exitCode, out.toString().lines().toList(), err.toString().lines().toList());
    }
}
