package dev.spate.kafka;

import dev.spate.job.Text;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Named defaults that messages can refer to. Immutable.
 *
 * <p>A message is laid over its profile, and that over the built-in defaults: objects are merged
 * field by field, everything else is replaced. A profile named {@code default} serves the messages
 * that name none.
 */
public final class Profiles {

    /** What a job's profile is called if its message names none. */
    public static final String DEFAULT = "default";

    private final SortedMap<String, JobDraft> drafts;

    private Profiles(SortedMap<String, JobDraft> drafts) {
        this.drafts = Collections.unmodifiableSortedMap(drafts);
    }

    /**
     * Reads profiles.
     *
     * @param json a JSON object for each name: a job message without {@code id} and {@code profile}
     * @throws IllegalArgumentException naming profile and place, if one cannot be
     */
    public static Profiles of(Map<String, String> json) {
        SortedMap<String, JobDraft> drafts = new TreeMap<>();
        json.forEach((name, text) -> drafts.put(name, read(name, text)));
        return new Profiles(drafts);
    }

    /** No profiles: everything is built in. */
    public static Profiles none() {
        return of(Map.of());
    }

    /** Everything a message with that profile need not say. */
    JobDraft draft(String name) {
        JobDraft draft = drafts.get(name);
        if (draft != null) {
            return draft.over(JobDraft.BUILT_IN);
        }
        if (name.equals(DEFAULT)) {
            return JobDraft.BUILT_IN;
        }
        String known = drafts.isEmpty() ? "there are none" : String.join(", ", drafts.keySet());
        throw new BadMessage(
                "profile", "expected one of: " + known + "; found " + Text.quoted(name));
    }

    private static JobDraft read(String name, String text) {
        try {
            Mistakes mistakes = new Mistakes();
            Place place = Place.root(Json.parse(text.getBytes(StandardCharsets.UTF_8)), mistakes);
            JobDraft draft = JobDraft.read(place.object(JobDraft.PROFILE_FIELDS));
            mistakes.requireNone();
            return draft;
        } catch (BadMessage bad) {
            throw new IllegalArgumentException("profiles." + name + ": " + bad.getMessage(), bad);
        }
    }
}
