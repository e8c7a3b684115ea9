package dev.spate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of faults in ARCHITECTURE.md is whole, and every test it names exists. */
final class FaultTableTest {

    private static final int FAULTS = 50;
    private static final int ATTACKS = 10;

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (A?[0-9]+) \\|(.*)\\|$");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|IT))(?:\\.(\\w+))?`");

    /** A row of the table. */
    private record Row(String number, List<Shown> shownBy) {}

    /** A test, or all of a class if the method is empty. */
    private record Shown(String testClass, String method) {

        static Shown of(MatchResult match) {
            return new Shown(match.group(1), match.group(2) == null ? "" : match.group(2));
        }

        boolean isIn(Map<String, String> sources) {
            String source = sources.get(testClass);
            return source != null && (method.isEmpty() || source.contains("void " + method + "("));
        }
    }

    @Test
    void hasARowForEveryFaultAndEveryAttack() throws IOException {
        assertThat(rows())
                .extracting(Row::number)
                .containsExactlyElementsOf(
                        Stream.concat(
                                        IntStream.rangeClosed(1, FAULTS)
                                                .mapToObj(Integer::toString),
                                        IntStream.rangeClosed(1, ATTACKS).mapToObj(n -> "A" + n))
                                .toList());
    }

    @Test
    void namesTestsThatExist() throws IOException {
        Map<String, String> sources = sources();

        assertThat(rows())
                .allSatisfy(
                        row ->
                                assertThat(row.shownBy())
                                        .as("row %s", row.number())
                                        .isNotEmpty()
                                        .allMatch(shown -> shown.isIn(sources)));
    }

    private static List<Row> rows() throws IOException {
        String page = Files.readString(Path.of("ARCHITECTURE.md"));
        List<Row> rows = new ArrayList<>();
        ROW.matcher(page)
                .results()
                .forEach(
                        row ->
                                rows.add(
                                        new Row(
                                                row.group(1),
                                                TEST.matcher(row.group(2))
                                                        .results()
                                                        .map(Shown::of)
                                                        .toList())));
        return rows;
    }

    /** The test classes by name; two of the same name count as one. */
    private static Map<String, String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            return files.filter(file -> file.toString().matches(".*(Test|IT)\\.java"))
                    .collect(
                            Collectors.toMap(
                                    file -> file.getFileName().toString().replace(".java", ""),
                                    FaultTableTest::textOf,
                                    String::concat));
        }
    }

    private static String textOf(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
