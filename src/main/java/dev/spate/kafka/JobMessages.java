package dev.spate.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.engine.Incoming;
import dev.spate.engine.RawMessage;
import dev.spate.job.Failure;
import dev.spate.job.Job;
import dev.spate.job.JobId;
import dev.spate.job.Text;
import dev.spate.job.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Job messages: what {@code config/job.schema.json} describes. Immutable; safe for any thread.
 *
 * <ul>
 *   <li>Whatever the bytes are, reading them ends in a value: a job, a cancellation (a null value
 *       under a job's id), or a {@link Incoming.Malformed} that names field and place of every
 *       mistake, up to a number.
 *   <li>A message that says no id takes it from the record's key. One that says another id than its
 *       key is malformed: the key decides which shard a job is in, so a job under somebody else's
 *       key could run twice. Without a key there is no such promise: messages with the same id and
 *       no key may end in different shards, and both run.
 *   <li>A malformed message is booked to the id in its key; to the id it says itself only if it has
 *       no key.
 * </ul>
 */
public final class JobMessages {

    private static final Logger log = LoggerFactory.getLogger(JobMessages.class);

    private final Profiles profiles;
    private final MessageLimits limits;

    public JobMessages(Profiles profiles, MessageLimits limits) {
        this.profiles = profiles;
        this.limits = limits;
    }

    /** Reads a record of the jobs topic. Never throws. */
    public Incoming decode(long offset, Instant publishedAt, RawMessage raw) {
        @Nullable JobId key = null;
        @Nullable JsonNode tree = null;
        try {
            key = readKey(raw.key());
            byte[] value = raw.value();
            if (value == null) {
                return new Incoming.Cancelled(offset, requireKey(key));
            }
            limits.requireSize("message", value.length);
            tree = Json.parse(value);
            Job job = readJob(tree, key);
            return new Incoming.Submitted(
                    offset, job, ContentHash.of(tree), Traces.of(raw), publishedAt, raw);
        } catch (BadMessage bad) {
            Optional<JobId> id = raw.key() == null ? idOf(tree) : Optional.ofNullable(key);
            return new Incoming.Malformed(
                    offset,
                    id,
                    Failure.Kind.INVALID,
                    bad.mistakes(),
                    raw,
                    Traces.of(raw),
                    publishedAt);
        } catch (RuntimeException | StackOverflowError mistake) {
            // One message must not stop every worker that reads it, one after the other.
            log.error("The message at offset {} could not be read", offset, mistake);
            return new Incoming.Malformed(
                    offset,
                    Optional.ofNullable(key),
                    Failure.Kind.INTERNAL,
                    List.of("the message could not be read: " + mistake),
                    raw,
                    Trace.NONE,
                    publishedAt);
        }
    }

    /**
     * Reads a message that is not in Kafka yet, as {@code spate check} and {@code spate submit} do.
     *
     * @param key the key it is to have; empty if the message says its id itself
     */
    public Incoming check(byte[] value, Optional<JobId> key) {
        byte[] bytes = key.map(id -> id.value().getBytes(StandardCharsets.UTF_8)).orElse(null);
        return decode(0, Instant.EPOCH, new RawMessage(bytes, value, List.of()));
    }

    /**
     * Reads a message that somebody wants to publish.
     *
     * @param fresh the id that the job is to have if the message says none
     */
    public Incoming submission(byte[] value, JobId fresh) {
        Incoming said = check(value, Optional.empty());
        boolean isNameless =
                said instanceof Incoming.Malformed malformed && malformed.id().isEmpty();
        return isNameless ? check(value, Optional.of(fresh)) : said;
    }

    /** A job as a message that says everything and depends on no profile. */
    public static byte[] encode(Job job) {
        return Json.write(JobJson.write(job));
    }

    /** First everything that is wrong in itself, then everything that is wrong with it as a job. */
    private Job readJob(JsonNode tree, @Nullable JobId key) {
        Mistakes mistakes = new Mistakes();
        Place message = Place.root(tree, mistakes).object(JobDraft.MESSAGE_FIELDS);
        Optional<JobId> id = message.noting(it -> readId(it, key));
        JobDraft said = JobDraft.read(message);
        String profile = message.field("profile", Place::text).orElse(Profiles.DEFAULT);
        Optional<JobDraft> defaults = mistakes.noting(() -> profiles.draft(profile));
        mistakes.requireNone();
        Job job = said.over(defaults.orElseThrow()).job(id.orElseThrow(), profile);
        limits.check(job, mistakes);
        mistakes.requireNone();
        limits.requireSize("message, with what its profile adds", encode(job).length);
        return job;
    }

    private static JobId readId(Place message, @Nullable JobId key) {
        Optional<JobId> said = message.field("id").map(id -> id.text(JobId::new));
        if (said.isEmpty()) {
            if (key == null) {
                throw new BadMessage("id", "expected one here or as the record's key, found none");
            }
            return key;
        }
        if (key != null && !key.equals(said.get())) {
            throw new BadMessage(
                    "id",
                    "expected the record's key "
                            + Text.quoted(key.value())
                            + " or no id, found "
                            + Text.quoted(said.get().value()));
        }
        return said.get();
    }

    private static @Nullable JobId readKey(byte @Nullable [] key) {
        if (key == null) {
            return null;
        }
        // Whatever is not UTF-8 becomes a character that no id may have.
        String text = new String(key, StandardCharsets.UTF_8);
        try {
            return new JobId(text);
        } catch (IllegalArgumentException invalid) {
            throw new BadMessage("key", "not a job's " + invalid.getMessage());
        }
    }

    private static JobId requireKey(@Nullable JobId key) {
        if (key == null) {
            throw new BadMessage(
                    "key", "expected the id of the job to cancel, found none, and no value");
        }
        return key;
    }

    private static Optional<JobId> idOf(@Nullable JsonNode tree) {
        if (tree == null || !tree.path("id").isTextual()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new JobId(tree.path("id").textValue()));
        } catch (IllegalArgumentException notAnId) {
            return Optional.empty();
        }
    }
}
