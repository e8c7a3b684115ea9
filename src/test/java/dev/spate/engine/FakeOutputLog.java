package dev.spate.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.spate.job.JobId;
import dev.spate.job.Member;
import dev.spate.job.StreamName;
import dev.spate.job.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Keeps all that is published, in order. */
public final class FakeOutputLog implements OutputLog {

    private final List<Entry> entries = new ArrayList<>();
    private int flushes;
    private boolean isStuck;

    /** Something that was published. */
    public record Entry(Source source, long offset, String text, boolean isCapped) {
        @Override
        public String toString() {
            return "%s/%s/%d %s@%d %s"
                    .formatted(
                            source.job(),
                            source.member(),
                            source.attempt(),
                            source.stream().word(),
                            offset,
                            isCapped ? "capped" : Text.quoted(text));
        }
    }

    /** From now on, nobody who waits for a flush hears of it. */
    public void getStuck() {
        isStuck = true;
    }

    @Override
    public void publish(Source source, long offset, byte[] bytes) {
        entries.add(new Entry(source, offset, new String(bytes, UTF_8), false));
    }

    @Override
    public void capped(Source source, long offset) {
        entries.add(new Entry(source, offset, "", true));
    }

    @Override
    public CompletableFuture<Void> flush() {
        flushes++;
        return isStuck ? new CompletableFuture<>() : CompletableFuture.completedFuture(null);
    }

    /** How often somebody wanted to wait. */
    int flushes() {
        return flushes;
    }

    /** All of it. */
    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** {@code stdout@0 text}, or {@code stdout@4 capped}. */
    List<String> said() {
        return entries.stream().map(FakeOutputLog::said).toList();
    }

    /** The same of one stream of one attempt. */
    List<String> said(String job, Member member, int attempt) {
        return entries.stream()
                .filter(entry -> entry.source().job().equals(new JobId(job)))
                .filter(entry -> entry.source().member().equals(member))
                .filter(entry -> entry.source().attempt() == attempt)
                .filter(entry -> entry.source().stream() == StreamName.STDOUT)
                .map(FakeOutputLog::said)
                .toList();
    }

    private static String said(Entry entry) {
        return entry.source().stream().word()
                + "@"
                + entry.offset()
                + " "
                + (entry.isCapped() ? "capped" : entry.text());
    }
}
