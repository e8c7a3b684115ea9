package dev.spate.kafka;

import dev.spate.job.Job;
import dev.spate.job.Member;
import dev.spate.job.StreamName;
import dev.spate.kafka.LogPiece.Capped;
import dev.spate.kafka.LogPiece.Chunk;
import dev.spate.kafka.LogPiece.Gap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes of what was published of a job what its readers are to see: each stream in order and each
 * byte once, whoever has published it how often; the latest attempt only.
 *
 * <p>What comes after a later byte of its stream was shown already is passed over: it was told as a
 * gap. Needs a few bytes for each stream. One thread at a time.
 */
final class LogMerge {

    /** Nobody but Spate should write there, but somebody could. */
    private static final int STREAMS_MAX = 2 * Job.MACHINES_MAX;

    private final Map<Place, Shown> streams = new HashMap<>();
    private int attempt;

    private record Place(Member member, StreamName stream) {}

    private static final class Shown {
        private long to;
        private boolean isCapped;
    }

    /** What is to be shown now that this was published too. */
    List<LogPiece> take(LogEntry entry) {
        if (entry.attempt() < attempt) {
            return List.of();
        }
        if (entry.attempt() > attempt) {
            attempt = entry.attempt();
            streams.clear();
        }
        Place place = new Place(entry.member(), entry.stream());
        if (!streams.containsKey(place) && streams.size() >= STREAMS_MAX) {
            return List.of();
        }
        return next(entry, streams.computeIfAbsent(place, _ -> new Shown()));
    }

    private static List<LogPiece> next(LogEntry entry, Shown shown) {
        List<LogPiece> pieces = new ArrayList<>();
        if (entry.offset() > shown.to) {
            pieces.add(
                    new Gap(
                            entry.member(),
                            entry.attempt(),
                            entry.stream(),
                            shown.to,
                            entry.offset()));
            shown.to = entry.offset();
        }
        if (entry.end() > shown.to) {
            int from = (int) (shown.to - entry.offset());
            byte[] fresh =
                    from == 0
                            ? entry.bytes()
                            : Arrays.copyOfRange(entry.bytes(), from, entry.bytes().length);
            pieces.add(new Chunk(entry.member(), entry.attempt(), entry.stream(), shown.to, fresh));
            shown.to = entry.end();
        }
        if (entry.isCapped() && !shown.isCapped) {
            shown.isCapped = true;
            pieces.add(new Capped(entry.member(), entry.attempt(), entry.stream(), entry.offset()));
        }
        return pieces;
    }
}
