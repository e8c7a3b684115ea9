package dev.spate.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long each shard of a struck worker was without an owner: from the blow to the line in a log
 * by which its next owner says that it goes on with the shard's jobs.
 */
final class Adoptions {

    private static final Pattern OPENED =
            Pattern.compile("^(\\S+Z) INFO +ShardLife +Shard (\\d+) is open.*");
    private static final Pattern LEFT =
            Pattern.compile("^(\\S+Z) INFO +.*Shard (\\d+) given back.*");

    /**
     * What a worker says of a shard.
     *
     * @param isOpen whether it has it from now on, or no longer
     */
    private record Word(Instant at, int worker, int shard, boolean isOpen) {}

    /** A blow as it was struck. */
    record Struck(Instant at, Blow blow) {}

    /**
     * A shard that changed hands.
     *
     * @param took from the blow to the next owner's taking up
     * @param disturbances other blows in between, each of which may have hit the next owner or the
     *     broker
     */
    record Adoption(int shard, Struck after, Duration took, int disturbances) {

        /**
         * Whether it took too long. Every blow in between gives it as long again, for it may have
         * hit whoever was about to take the shard up.
         *
         * @param most for one that was not disturbed
         */
        boolean isLate(Duration most) {
            return took.compareTo(most.multipliedBy(1L + disturbances)) > 0;
        }
    }

    private final List<Word> words;

    private Adoptions(List<Word> words) {
        this.words = words;
    }

    /** Reads the logs, one for each worker. */
    static Adoptions read(List<Path> logs) throws IOException {
        List<Word> words = new ArrayList<>();
        for (int worker = 0; worker < logs.size(); worker++) {
            if (Files.exists(logs.get(worker))) {
                for (String line : Files.readAllLines(logs.get(worker))) {
                    add(words, OPENED.matcher(line), worker, true);
                    add(words, LEFT.matcher(line), worker, false);
                }
            }
        }
        words.sort(Comparator.comparing(Word::at));
        return new Adoptions(words);
    }

    private static void add(List<Word> words, Matcher line, int worker, boolean isOpen) {
        if (line.matches()) {
            words.add(
                    new Word(
                            Instant.parse(line.group(1)),
                            worker,
                            Integer.parseInt(line.group(2)),
                            isOpen));
        }
    }

    /**
     * The shards that changed hands because of blows.
     *
     * @param until when all was quiet; a shard that nobody had taken up by then counts as adopted
     *     then, which is late enough to be seen
     */
    List<Adoption> after(List<Struck> blows, Instant until) {
        List<Adoption> adoptions = new ArrayList<>();
        for (Struck struck : blows) {
            workerOf(struck.blow())
                    .ifPresent(
                            worker -> {
                                for (int shard = 0; shard < Stage.PARTITIONS; shard++) {
                                    if (isOwner(worker, shard, struck.at())
                                            && !isKept(worker, shard, struck)) {
                                        adoptions.add(adoption(shard, struck, blows, until));
                                    }
                                }
                            });
        }
        return adoptions;
    }

    private static Optional<Integer> workerOf(Blow blow) {
        return switch (blow) {
            case Blow.Kill(int worker) -> Optional.of(worker);
            case Blow.Terminate(int worker) -> Optional.of(worker);
            case Blow.Stop(int worker) -> Optional.of(worker);
            case Blow.Continue _,
                    Blow.Start _,
                    Blow.KillBroker _,
                    Blow.TerminateBroker _,
                    Blow.StartBroker _,
                    Blow.Weather _ ->
                    Optional.empty();
        };
    }

    // That another gives it back means only that it had not noticed that it was not its own.
    private boolean isOwner(int worker, int shard, Instant at) {
        return words.stream()
                .filter(word -> word.shard() == shard && !word.at().isAfter(at))
                .filter(word -> word.isOpen() || word.worker() == worker)
                .reduce((_, later) -> later)
                .filter(word -> word.isOpen() && word.worker() == worker)
                .isPresent();
    }

    private static boolean disturbs(Struck struck) {
        return struck.blow().isKill() || struck.blow() instanceof Blow.StartBroker;
    }

    /** Whether a stopped worker was not missed: while the broker is away, no session ends. */
    private boolean isKept(int worker, int shard, Struck struck) {
        return struck.blow() instanceof Blow.Stop
                && words.stream()
                        .filter(word -> word.shard() == shard && word.at().isAfter(struck.at()))
                        .findFirst()
                        .filter(word -> word.worker() == worker && !word.isOpen())
                        .isPresent();
    }

    private Adoption adoption(int shard, Struck struck, List<Struck> blows, Instant until) {
        Instant taken =
                words.stream()
                        .filter(word -> word.shard() == shard && word.isOpen())
                        .map(Word::at)
                        .filter(at -> at.isAfter(struck.at()))
                        .findFirst()
                        .orElse(until);
        int disturbances =
                (int)
                        blows.stream()
                                .filter(Adoptions::disturbs)
                                .filter(other -> other.at().isAfter(struck.at()))
                                .filter(other -> other.at().isBefore(taken))
                                .count();
        return new Adoption(shard, struck, Duration.between(struck.at(), taken), disturbances);
    }
}
