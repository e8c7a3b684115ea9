package dev.spate.fleet;

import dev.spate.job.Durations;
import dev.spate.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/** What is to be thought of a machine of the group, by its tags and by its shard's journal. */
public sealed interface Judgement {

    /** Its tags are not all there, or name a shard that does not exist: never to be touched. */
    record Stray(String why) implements Judgement {}

    /** It is going already. */
    record Going() implements Judgement {}

    /** Jobs have it, or are waiting for it. */
    record Wanted(List<JobId> jobs) implements Judgement {
        public Wanted {
            jobs = List.copyOf(jobs);
        }
    }

    /** No job has it, but it has only just been made: the record may be on its way. */
    record Young(Duration age) implements Judgement {}

    /** No job has it. */
    record Orphan(Duration age) implements Judgement {}

    /**
     * Judges. Pure.
     *
     * @param shards how many shards there are, if that is known
     * @param promised by the journal of the machine's shard, read after the machine was seen
     * @param ageMin how old an orphan is at least
     */
    static Judgement of(
            Machine machine, OptionalInt shards, Promised promised, Instant now, Duration ageMin) {
        if (machine.token().isEmpty()) {
            return new Stray("its tags name no launch");
        }
        if (machine.shard().isEmpty()) {
            return new Stray("its tags name no shard");
        }
        if (shards.isPresent() && machine.shard().getAsInt() >= shards.getAsInt()) {
            return new Stray(
                    "its tags name shard %d, and there are %d"
                            .formatted(machine.shard().getAsInt(), shards.getAsInt()));
        }
        if (machine.isEnding()) {
            return new Going();
        }
        List<JobId> jobs = promised.jobs(machine);
        if (!jobs.isEmpty()) {
            return new Wanted(jobs);
        }
        Duration age = machine.age(now);
        return age.compareTo(ageMin) < 0 ? new Young(age) : new Orphan(age);
    }

    /** For a person. */
    default String why() {
        return switch (this) {
            case Stray(String why) -> why;
            case Going() -> "it is going already";
            case Wanted(List<JobId> jobs) ->
                    "it is wanted by "
                            + String.join(", ", jobs.stream().map(JobId::value).toList());
            case Young(Duration age) ->
                    "no job has it, but it is only " + Durations.format(seconds(age)) + " old";
            case Orphan(Duration age) ->
                    "no job has it, and it is " + Durations.format(seconds(age)) + " old";
        };
    }

    private static Duration seconds(Duration age) {
        return Duration.ofSeconds(age.toSeconds());
    }
}
