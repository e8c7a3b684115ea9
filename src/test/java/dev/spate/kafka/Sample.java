package dev.spate.kafka;

import dev.spate.job.ByteSize;
import dev.spate.job.Captured;
import dev.spate.job.Ending;
import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.InputFile;
import dev.spate.job.Job;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.JobResult;
import dev.spate.job.JobState;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import dev.spate.job.MachineSpec;
import dev.spate.job.Market;
import dev.spate.job.Member;
import dev.spate.job.MemberResult;
import dev.spate.job.Outcome;
import dev.spate.job.OutputFile;
import dev.spate.job.Phase;
import dev.spate.job.Pool;
import dev.spate.job.RelativePath;
import dev.spate.job.Retries;
import dev.spate.job.Role;
import dev.spate.job.RoleName;
import dev.spate.job.Seat;
import dev.spate.job.Spent;
import dev.spate.job.Trace;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Anything the vocabulary can say, picked at random from a seed. */
final class Sample {

    private static final String LETTERS = "ab \"\\/\n\t\u0001\u007fä€\uD83D\uDE80{}[]<&'$";

    private final Random random;

    Sample(long seed) {
        random = new Random(seed);
    }

    JobRecord record() {
        return new JobRecord(
                job(),
                hex(64),
                trace(),
                instant(),
                1 + random.nextInt(1000),
                random.nextBoolean(),
                state(),
                new Spent(
                        random.nextInt(9),
                        random.nextInt(9),
                        random.nextInt(9),
                        random.nextInt(9),
                        duration(),
                        usd()),
                phases());
    }

    JobResult result() {
        Outcome outcome = oneOf(Outcome.values());
        return new JobResult(
                new JobId("job-" + random.nextInt(1000)),
                random.nextInt(5),
                outcome,
                exitCode(),
                outcome == Outcome.SUCCEEDED ? Optional.empty() : Optional.of(failure()),
                several(this::memberResult),
                phases(),
                duration(),
                maybe(this::usd),
                instant(),
                maybe(this::instant),
                instant(),
                trace());
    }

    Job job() {
        List<Role> roles =
                IntStream.range(0, 1 + random.nextInt(3))
                        .mapToObj(i -> role(new RoleName("role-" + i), i > 0))
                        .toList();
        return new Job(
                new JobId("job-" + random.nextInt(1000)),
                "profile-" + random.nextInt(3),
                roles,
                Duration.ofMillis(1000 + random.nextInt(100_000_000)),
                Duration.ofMillis(random.nextInt(100_000_000)),
                new Retries(random.nextInt(11), random.nextInt(11)),
                random.nextBoolean(),
                random.nextBoolean());
    }

    JobState state() {
        int attempt = 1 + random.nextInt(9);
        return switch (random.nextInt(7)) {
            case 0 -> new JobState.Waiting(attempt, instant(), failure());
            case 1 -> new JobState.Launching(attempt, List.of(seat()), several(this::hold));
            case 2 -> new JobState.Preparing(attempt, atLeastOne());
            case 3 -> new JobState.Running(attempt, atLeastOne(), instant());
            case 4 ->
                    new JobState.Retreating(
                            attempt, several(this::hold), failure(), attempt + random.nextInt(2));
            case 5 -> new JobState.Settled(attempt, ending(), instant(), several(this::hold));
            default -> new JobState.Released(attempt, ending(), instant());
        };
    }

    private Ending ending() {
        return new Ending(
                oneOf(Outcome.values()),
                maybe(this::failure),
                exitCode(),
                maybe(this::instant),
                several(
                        () ->
                                new Ending.MemberEnding(
                                        member(),
                                        new MachineId("i-" + hex(17)),
                                        pool(),
                                        exitCode())));
    }

    private List<Hold> atLeastOne() {
        return List.of(hold(), hold());
    }

    private Role role(RoleName name, boolean isBackground) {
        SortedMap<String, String> env = new TreeMap<>();
        several(() -> "V" + random.nextInt(100)).forEach(variable -> env.put(variable, text()));
        return new Role(
                name,
                1 + random.nextInt(5),
                isBackground,
                spec(),
                maybe(this::text),
                "run " + text(),
                env,
                List.of(new InputFile(path(), text(), random.nextBoolean())),
                several(this::path));
    }

    private MachineSpec spec() {
        return new MachineSpec(
                oneOf("ubuntu-24.04", "ami-0123", "debian-13"),
                List.of("t3.small", "c7i." + random.nextInt(9) + "xlarge"),
                oneOf(Market.values()),
                maybe(() -> "eu-west-" + random.nextInt(4)),
                maybe(() -> new ByteSize(1 + random.nextInt(1_000_000_000))));
    }

    private Launch launch() {
        return new Launch(
                new LaunchToken(hex(64)),
                random.nextInt(12),
                spec(),
                "ami-" + random.nextInt(1000),
                pool(),
                5,
                Duration.ofSeconds(60 + random.nextInt(100_000), random.nextInt(1_000_000_000)),
                instant(),
                maybe(this::usd));
    }

    private Hold hold() {
        return new Hold(member(), launch(), new MachineId("i-" + hex(17)), instant());
    }

    private Seat seat() {
        return new Seat(member(), launch(), random.nextInt(5));
    }

    private Member member() {
        return new Member(new RoleName("role-" + random.nextInt(3)), random.nextInt(5));
    }

    private MemberResult memberResult() {
        return new MemberResult(
                member(),
                new MachineId("i-" + hex(17)),
                pool(),
                exitCode(),
                captured(),
                captured(),
                several(
                        () ->
                                new OutputFile(
                                        path(),
                                        random.nextInt(1_000_000),
                                        hex(64),
                                        maybe(() -> "file:///" + hex(5)))));
    }

    private Captured captured() {
        return new Captured(random.nextLong(1L << 40), text(), text(), random.nextBoolean());
    }

    private Pool pool() {
        return new Pool(oneOf(Market.values()), "t3.small", maybe(() -> "eu-west-1a"));
    }

    private Failure failure() {
        return new Failure(oneOf(Failure.Kind.values()), text());
    }

    private Map<Phase, Duration> phases() {
        Map<Phase, Duration> phases = new EnumMap<>(Phase.class);
        several(() -> oneOf(Phase.values())).forEach(phase -> phases.put(phase, duration()));
        return phases;
    }

    private Trace trace() {
        return new Trace(
                maybe(() -> "00-" + hex(32) + "-" + hex(16) + "-01"), maybe(() -> "vendor=1"));
    }

    private Duration duration() {
        return Duration.ofSeconds(random.nextInt(1_000_000), random.nextInt(1_000_000_000));
    }

    private Instant instant() {
        return Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
    }

    private BigDecimal usd() {
        return BigDecimal.valueOf(random.nextInt(1_000_000), random.nextInt(8));
    }

    private OptionalInt exitCode() {
        return random.nextBoolean() ? OptionalInt.of(random.nextInt(256)) : OptionalInt.empty();
    }

    private RelativePath path() {
        return new RelativePath("dir/file-" + random.nextInt(1_000_000));
    }

    private String hex(int length) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < length; i++) {
            digits.append(Character.forDigit(random.nextInt(16), 16));
        }
        return digits.toString();
    }

    private String text() {
        int[] letters = LETTERS.codePoints().toArray();
        return random.ints(random.nextInt(30), 0, letters.length)
                .map(i -> letters[i])
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private <T> Optional<T> maybe(Supplier<T> value) {
        return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
    }

    private <T> List<T> several(Supplier<T> value) {
        return IntStream.range(0, random.nextInt(4)).mapToObj(_ -> value.get()).toList();
    }

    @SafeVarargs
    private <T> T oneOf(T... values) {
        return values[random.nextInt(values.length)];
    }
}
