package dev.spate.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.board.Position;
import dev.spate.job.JobId;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

    @Test
    void readsWhatItWrote() {
        Position position =
                new Position(Instant.parse("2026-02-03T04:05:06.789Z"), new JobId("a.b_c-1"));

        assertThat(Cursor.read(Cursor.write(position))).isEqualTo(position);
        assertThat(Cursor.write(position)).matches("[A-Za-z0-9_-]+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "!", "AAAA", "eCB5", "////", "bm93IGE"})
    void readsNothingElse(String text) {
        assertThatThrownBy(() -> Cursor.read(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
