package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.cli.Screen.Picture;
import dev.spate.cli.Screen.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ScreenTest {

    private static final Size SIZE = new Size(20, 5);

    @Test
    void aPictureTakesThePlaceOfTheOneBefore() {
        Paper paper = new Paper("$ spate jobs --watch");
        paper.take(Screen.painted(Picture.NONE, List.of("one", "two", "three"), SIZE));

        paper.take(Screen.painted(new Picture(SIZE, 3), List.of("1", "2"), SIZE));

        assertThat(paper.lines()).containsExactly("$ spate jobs --watch", "1", "2", "");
    }

    @Test
    void aLongerPictureTakesMoreLines() {
        Paper paper = new Paper();
        paper.take(Screen.painted(Picture.NONE, List.of("long line"), SIZE));

        paper.take(Screen.painted(new Picture(SIZE, 1), List.of("short", "two"), SIZE));

        assertThat(paper.lines()).containsExactly("short", "two", "");
    }

    @Test
    void onAScreenOfAnotherSizeNothingIsLeft() {
        Paper paper = new Paper("wrapped", "and wrapped again");

        paper.take(Screen.painted(new Picture(new Size(80, 24), 1), List.of("one"), SIZE));

        assertThat(paper.lines()).containsExactly("one", "");
    }

    @Test
    void whatIsTooLongDoesNotGoOnInTheNextLine() {
        assertThat(Screen.painted(Picture.NONE, List.of("x".repeat(30)), SIZE))
                .startsWith("\u001b[?7l")
                .endsWith("\u001b[?7h");
    }

    @Test
    void whatALineSaysSteersNothingButItsColour() {
        String line = "\u001b[31mlost\u001b[0m \u001b[2Ja\nb\r\u009b1m\u202ec";

        assertThat(Screen.painted(Picture.NONE, List.of(line), SIZE))
                .contains("\u001b[31mlost\u001b[0m \\u001b[2Ja b\\u000d\\u009b1m\\u202ec\r\n");
    }

    @Test
    void saysHowManyLinesDoNotFit() {
        List<String> lines = IntStream.rangeClosed(1, 6).mapToObj(String::valueOf).toList();

        assertThat(Screen.fitting(lines, 7)).isEqualTo(lines);
        assertThat(Screen.fitting(lines, 5)).containsExactly("1", "2", "3", "… 3 more lines");
        assertThat(Screen.fitting(lines, 1)).containsExactly("… 6 more lines");
    }

    /** A terminal as far as pictures need one: text, new lines, up, to the top, and clearing. */
    private static final class Paper {

        private final List<StringBuilder> rows = new ArrayList<>();
        private int row;
        private int column;

        Paper(String... before) {
            for (String line : before) {
                rows.add(new StringBuilder(line));
            }
            row = before.length;
            rows.add(new StringBuilder());
        }

        void take(String text) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                switch (c) {
                    case '\r' -> column = 0;
                    case '\n' -> down();
                    case '\u001b' -> {
                        int end = i + 2;
                        while (!Character.isLetter(text.charAt(end))) {
                            end++;
                        }
                        steer(text.substring(i + 2, end), text.charAt(end));
                        i = end;
                    }
                    default -> put(c);
                }
            }
        }

        List<String> lines() {
            return rows.stream().map(StringBuilder::toString).toList();
        }

        private void steer(String number, char what) {
            switch (what) {
                case 'A' -> row -= Integer.parseInt(number);
                case 'H' -> {
                    row = 0;
                    column = 0;
                }
                case 'K' -> rows.get(row).setLength(column);
                case 'J' -> {
                    rows.get(row).setLength(column);
                    rows.subList(row + 1, rows.size()).clear();
                }
                case 'l', 'h' -> assertThat(number).isEqualTo("?7");
                default -> throw new AssertionError("unknown: " + number + what);
            }
        }

        private void down() {
            row++;
            if (row == rows.size()) {
                rows.add(new StringBuilder());
            }
        }

        private void put(char c) {
            StringBuilder line = rows.get(row);
            if (column < line.length()) {
                line.setCharAt(column, c);
            } else {
                line.append(c);
            }
            column++;
        }
    }
}
