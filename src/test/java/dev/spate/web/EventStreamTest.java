package dev.spate.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.Deadline;
import dev.spate.async.SystemScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {

    private final SystemScheduler scheduler = new SystemScheduler();
    private final EventStream stream = new EventStream(scheduler, () -> {});

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void tellsOfEachJobOnlyTheLatestInTheOrderOfTheFirst() throws Exception {
        Frame old = frame("a1");
        Frame latest = frame("a2");
        Frame other = frame("b1");
        stream.offer("a", old);
        stream.offer("b", other);
        stream.offer("a", latest);

        assertThat(take()).hasValue(List.of(latest, other));
        assertThat(take()).hasValue(List.of());
    }

    @Test
    void tellsAClientThatCannotKeepUpToLookAnewAndHoldsNothingForIt() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            stream.offer("job-" + i, frame("x"));
        }

        assertThat(take()).hasValue(List.of(Frame.RELOAD));
        stream.offer("a", frame("a"));
        assertThat(take().orElseThrow()).hasSize(1);
    }

    @Test
    void saysThatNothingIsHeardThoughItTellsToLookAnew() throws Exception {
        Frame stale = frame("stale");
        stream.stale(stale);
        stream.missed();

        assertThat(take()).hasValue(List.of(Frame.RELOAD, stale));
        stream.missed();
        assertThat(take()).hasValue(List.of(Frame.RELOAD, stale));
        stream.offer("a", frame("a"));
        assertThat(take().orElseThrow()).hasSize(1);
    }

    @Test
    void saysNothingOfSilenceWhenSomethingIsHeardAgain() throws Exception {
        stream.stale(frame("stale"));
        stream.heardAgain();

        assertThat(take()).hasValue(List.of(Frame.RELOAD));
    }

    @Test
    void endsForWhoeverTakesWhenItIsClosed() throws Exception {
        stream.offer("a", frame("a"));
        stream.close();
        stream.offer("b", frame("b"));

        assertThat(take()).isEmpty();
    }

    private Optional<List<Frame>> take() throws InterruptedException {
        return stream.take(Deadline.after(scheduler, Duration.ZERO));
    }

    private static Frame frame(String text) {
        return Frame.of("job", Json.object().put("id", text));
    }
}
