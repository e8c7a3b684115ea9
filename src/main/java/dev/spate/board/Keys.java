package dev.spate.board;

import dev.spate.job.JobId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keys of the journal. */
final class Keys {

    private Keys() {}

    /** Whose record it is. Empty if it is no job's, as the mark of a shard's owner is not. */
    static Optional<JobId> id(byte @Nullable [] key) {
        try {
            return key == null
                    ? Optional.empty()
                    : Optional.of(new JobId(new String(key, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException nobodys) {
            return Optional.empty();
        }
    }
}
