package dev.spate.engine;

import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.JobState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The ids of a shard's settled jobs, so that none is taken twice. Safe for any thread. */
final class SettledIds {

    /**
     * How many are forgotten with one claim: what is forgotten is written, and a transaction has to
     * end in time.
     */
    private static final int FORGOTTEN_MAX = 1_000;

    private final EngineSettings settings;
    private final LinkedHashMap<JobId, Remembered> ids = new LinkedHashMap<>();

    private record Remembered(String contentHash, Instant at) {}

    SettledIds(EngineSettings settings) {
        this.settings = settings;
    }

    /** Remembers jobs from the journal, in the order in which they were settled. */
    void replay(List<JobRecord> records) {
        records.stream()
                .sorted(Comparator.comparing(SettledIds::settledAt).thenComparing(JobRecord::id))
                .forEach(this::remember);
    }

    synchronized void remember(JobRecord record) {
        ids.put(record.id(), new Remembered(record.contentHash(), settledAt(record)));
    }

    /** The content of a settled job, if it is remembered. */
    synchronized Optional<String> contentHash(JobId id) {
        return Optional.ofNullable(ids.get(id)).map(Remembered::contentHash);
    }

    /**
     * Some of the ids that need not be remembered any longer; they are forgotten with this call.
     */
    synchronized List<JobId> forget(Instant now) {
        Instant before = now.minus(settings.dedupeWindow());
        List<JobId> old = new ArrayList<>();
        for (Map.Entry<JobId, Remembered> entry : ids.entrySet()) {
            boolean isOld = entry.getValue().at().isBefore(before);
            boolean isOneTooMany = ids.size() - old.size() > settings.idsMax();
            if (old.size() == FORGOTTEN_MAX || (!isOld && !isOneTooMany)) {
                break;
            }
            old.add(entry.getKey());
        }
        old.forEach(ids::remove);
        return old;
    }

    private static Instant settledAt(JobRecord record) {
        return record.state() instanceof JobState.Released released ? released.at() : Instant.EPOCH;
    }
}
