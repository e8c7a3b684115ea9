package dev.spate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.CommandSpec;

class MainTest {

    private static final Pattern LISTED = Pattern.compile("(?m)^  ([a-z]+)  +[A-Z]");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir private Path directory;

    @Test
    void helpListsTheCommands() {
        assertThat(run("--help")).isZero();

        assertThat(LISTED.matcher(out.toString()).results().map(MatchResult::group))
                .extracting(line -> line.strip().split(" ", 2)[0])
                .containsExactly(
                        "demo",
                        "local",
                        "worker",
                        "submit",
                        "cancel",
                        "jobs",
                        "results",
                        "logs",
                        "machines",
                        "reap",
                        "check",
                        "topics",
                        "broker",
                        "cloud",
                        "completion");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpOfACommandHasAnExample(String command) {
        assertThat(run(command, "--help")).isZero();

        assertThat(out.toString())
                .startsWith("Usage: spate " + command)
                .containsPattern("Examples?:")
                .contains("spate " + command)
                .contains("Exit codes:\n  0     success\n")
                .contains("  143   ended by SIGTERM\n");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100);
    }

    private static Stream<String> commands() {
        Terminal terminal =
                new Terminal(
                        InputStream.nullInputStream(),
                        new PrintWriter(Writer.nullWriter()),
                        new PrintWriter(Writer.nullWriter()),
                        Map.of(),
                        false);
        return Commands.all(terminal).stream()
                .map(command -> CommandSpec.forAnnotatedObject(command).name());
    }

    @Test
    void tellsItsVersion() {
        assertThat(run("--version")).isZero();

        assertThat(out.toString()).startsWith("spate ").contains("Java 25");
    }

    @Test
    void noCommandIsAMistake() {
        assertMistake(2, "spate: expected a command, found none; spate --help lists them");
    }

    @Test
    void guessesAMistypedCommand() {
        assertMistake(
                2,
                "spate: no such command: \"locl\"; did you mean local?; spate --help tells more",
                "locl");
    }

    @Test
    void tellsEveryUnknownOption() {
        assertThat(run("cloud", "--prot", "3", "-p", "--x=1")).isEqualTo(2);

        assertThat(err.toString().lines())
                .containsExactly(
                        "spate cloud: no such option: \"--prot\"; did you mean --port?; spate cloud"
                                + " --help tells more",
                        "spate cloud: no such option: \"-p\"; spate cloud --help tells more",
                        "spate cloud: no such option: \"--x\"; spate cloud --help tells more");
    }

    @Test
    void argumentsTooManyAreAMistake() {
        assertMistake(
                2,
                "spate cloud: expected no more arguments, found \"up\", \"now\"; spate cloud --help tells more",
                "cloud",
                "up",
                "now");
    }

    @Test
    void anUnknownOptionIsAMistake() {
        assertMistake(
                2,
                "spate cloud: no such option: \"--prot\"; did you mean --port?; spate cloud --help tells"
                        + " more",
                "cloud",
                "--prot");
    }

    @Test
    void aBadConfigurationIsAMistakeALine() {
        assertThat(run(Map.of("SPATE_HTTP_PORT", "a"), "", "worker")).isEqualTo(2);

        assertThat(err.toString().lines())
                .allMatch(line -> line.startsWith("spate worker: "))
                .anyMatch(line -> line.contains("http.port"))
                .anyMatch(line -> line.contains("SPATE_GROUP"))
                .anyMatch(line -> line.contains("SPATE_SECRET"))
                .hasSize(3);
    }

    @Test
    void aBadSettingOfTheCloudIsAMistake() {
        assertThat(run("cloud", "--set", "faults.x=1", "--data", directory.toString()))
                .isEqualTo(2);

        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("spate cloud: ")
                .contains("faults.x");
    }

    @Test
    void localRefusesWhatCannotBeBeforeItStartsAnything() {
        String data = directory.resolve("local").toString();

        assertThat(run("local", "--http-port", "99999", "--data", data)).isEqualTo(2);
        assertThat(run("local", "--set", "faults.x=1", "--data", data)).isEqualTo(2);

        assertThat(err.toString().lines())
                .satisfiesExactly(
                        port ->
                                assertThat(port)
                                        .isEqualTo(
                                                "spate local: --http-port: expected 0 to 65535,"
                                                        + " found 99999"),
                        setting ->
                                assertThat(setting)
                                        .startsWith("spate local: ")
                                        .contains("faults.x"));
        assertThat(directory.resolve("local")).doesNotExist();
    }

    @Test
    void checkAcceptsEveryExample() {
        assertThat(
                        run(
                                "check",
                                "config/examples/hello.json",
                                "config/examples/build.json",
                                "config/examples/spot.json",
                                "config/examples/failing.json",
                                "config/examples/experiment.json"))
                .isZero();

        assertThat(out.toString().lines())
                .hasSize(5)
                .contains("config/examples/experiment.json: ok, 4 machines");
    }

    @Test
    void checkTellsWhatIsWrongAndWhere() throws Exception {
        Path file =
                Files.writeString(
                        directory.resolve("jobs.jsonl"),
                        """
                        {"id": "a", "run": "date"}

                        {"id": "b", "run": "date", "timeout": 3}
                        {"run": "date", "machnie": {}}
                        not json
                        {"run": 3, "timeout": "never", "machine": {"types": ["c7i.large", 7]}}
                        """);

        assertThat(run("check", file.toString())).isEqualTo(1);

        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(7);
        assertThat(lines.get(0)).isEqualTo(file + ":1: ok, 1 machine");
        assertThat(lines.get(1)).startsWith(file + ":3: timeout: expected");
        assertThat(lines.get(2))
                .isEqualTo(file + ":4: machnie: unknown field; did you mean machine?");
        assertThat(lines.get(3)).startsWith(file + ":5: ");
        assertThat(lines.subList(4, 7))
                .containsExactly(
                        file + ":6: machine.types[1]: expected text, found 7",
                        file + ":6: run: expected text, found 3",
                        file
                                + ":6: timeout: expected a duration with a unit, such as 90s or 1h30m, found \"never\"");
    }

    @Test
    void checkReadsStandardInput() {
        assertThat(run(Map.of(), "{\"run\": \"date\"}", "check", "-")).isZero();

        assertThat(out.toString()).isEqualTo("standard input: ok, 1 machine\n");
    }

    @Test
    void checkOfNothingIsAFailure() {
        assertMistake(
                1,
                "spate check: nowhere.json: expected a file, found nothing",
                "check",
                "nowhere.json");
    }

    @Test
    void checkNamesAllThatCannotBeRead() {
        assertThat(run("check", "nowhere.json", directory.toString(), "nothing.json")).isOne();

        assertThat(err.toString().lines())
                .containsExactly(
                        "spate check: nowhere.json: expected a file, found nothing",
                        "spate check: " + directory + ": expected a file, found a directory",
                        "spate check: nothing.json: expected a file, found nothing");
    }

    @Test
    void submitSendsNothingIfOneMessageIsWrong() {
        assertThat(run(Map.of(), "{\"run\": 3}", "submit", "--bootstrap", "127.0.0.1:1", "-"))
                .isEqualTo(1);

        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("spate submit: standard input: run: ");
    }

    @Test
    void whoNamesNoKafkaIsToldSoInOneLine() {
        assertMistake(
                1,
                "spate jobs: Kafka at nonsense: Failed to construct kafka consumer: Invalid url in"
                        + " bootstrap.servers: nonsense",
                "jobs",
                "--bootstrap",
                "nonsense");
    }

    @Test
    void aKafkaThatDoesNotAnswerIsToldAsThat() {
        for (String silence :
                List.of(
                        "Timed out waiting for a node assignment. Call: listTopics",
                        "Timeout expired while fetching topic metadata")) {
            assertThat(Refusal.ofKafka("kafka:9092", new TimeoutException(silence)))
                    .hasMessage("Kafka at kafka:9092: nobody answers");
        }
        assertThat(
                        Refusal.ofKafka(
                                "kafka:9092",
                                new TimeoutException(
                                        "Call(callName=listTopics) timed out after 1 attempt(s)",
                                        new TimeoutException(
                                                "Timed out waiting for a node assignment."))))
                .hasMessage("Kafka at kafka:9092: nobody answers");
    }

    @Test
    void aKafkaThatAnswersTooLateIsNotToldAsSilent() {
        for (String late :
                List.of(
                        "nothing comes from the journal any more",
                        "Timeout of 15000ms expired before the position for partition journal-3"
                                + " could be determined",
                        "Failed to get offsets by times in 15000ms")) {
            assertThat(Refusal.ofKafka("kafka:9092", new TimeoutException(late)))
                    .hasMessage("Kafka at kafka:9092: " + late);
        }
    }

    @Test
    void aBadIdIsAMistake() {
        assertThat(run("cancel", "../etc")).isEqualTo(2);

        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("spate cancel: id: expected");
    }

    @Test
    void checkTellsProgramsInJson() {
        assertThat(run(Map.of(), "{\"run\": 3}", "check", "--json", "-")).isEqualTo(1);

        assertThat(out.toString())
                .startsWith("{\"place\":\"standard input\",\"ok\":false,\"error\":\"run: ");
    }

    @Test
    void anUnknownStateIsAMistake() {
        assertThat(run("jobs", "--state", "asleep")).isEqualTo(2);

        assertThat(err.toString()).startsWith("spate jobs: --state: expected one of waiting, ");
    }

    @Test
    void waitingForNoJobIsAMistake() {
        assertMistake(
                2,
                "spate results: --wait: expected the id of a job to wait for, found none",
                "results",
                "--wait");
    }

    @Test
    void anAddressThatIsNoneIsAMistake() {
        assertThat(run(Map.of("SPATE_API", "worker:9400"), "", "jobs")).isEqualTo(2);

        assertThat(err.toString()).startsWith("spate jobs: --api: expected an address such as ");
    }

    @Test
    void theTokenIsNotShownIfItCannotBeSent() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "secret\u0007word");

        assertThat(
                        run(
                                "cancel",
                                "--api",
                                "http://127.0.0.1:1",
                                "--token-file",
                                token.toString(),
                                "a"))
                .isEqualTo(2);

        assertThat(err.toString()).contains("the API's token").doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void completionKnowsEveryCommand(String shell) {
        assertThat(run("completion", shell)).isZero();

        assertThat(commands())
                .allSatisfy(
                        command ->
                                assertThat(out.toString()).contains("_picocli_spate_" + command));
    }

    @Test
    void logLinesAreTextOrJson() {
        assertMistake(
                2,
                "spate worker: --log-format: expected text or json, found xml",
                "worker",
                "--log-format",
                "xml");
    }

    private void assertMistake(int exitCode, String line, String... arguments) {
        assertThat(run(arguments)).isEqualTo(exitCode);
        assertThat(err.toString()).isEqualTo(line + "\n");
        assertThat(out.toString()).isEmpty();
    }

    private int run(String... arguments) {
        return run(Map.of(), "", arguments);
    }

    private int run(Map<String, String> environment, String in, String... arguments) {
        Terminal terminal =
                new Terminal(
                        new ByteArrayInputStream(in.getBytes(UTF_8)),
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        environment,
                        false);
        return Main.run(terminal, arguments);
    }
}
