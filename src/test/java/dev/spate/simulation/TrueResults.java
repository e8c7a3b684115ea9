package dev.spate.simulation;

import dev.spate.engine.Commit;
import dev.spate.engine.FakeTopicsEvent;
import dev.spate.fleet.RunKey;
import dev.spate.fleet.RunStatus;
import dev.spate.job.Ending;
import dev.spate.job.Job;
import dev.spate.job.JobRecord;
import dev.spate.job.JobResult;
import dev.spate.job.Member;
import dev.spate.job.MemberResult;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a result tells has really happened: on these machines, with these codes and this output. */
final class TrueResults extends Check {

    private final boolean isRoomScarce;

    /**
     * @param isRoomScarce whether a worker may have so few machines that jobs have to wait for each
     *     other
     */
    TrueResults(boolean isRoomScarce, Facts facts, Consumer<Breach> judge) {
        super(Promise.TRUE_RESULTS, facts, judge);
        this.isRoomScarce = isRoomScarce;
    }

    @Override
    void see(Event event) {
        if (event instanceof Event.InTopics(FakeTopicsEvent.Committed committed)) {
            for (JobResult result : committed.commit().results()) {
                expect(
                        isAsRecorded(committed.commit(), result),
                        "job %s is recorded with another ending than its result tells"
                                .formatted(result.id()),
                        event);
                @Nullable JobRecord record = facts.record(result.id());
                if (record != null && result.attempt() > 0) {
                    expect(
                            isTrue(record.job(), result),
                            "job %s is told to have %s%s in attempt %d: it has not"
                                    .formatted(
                                            result.id(),
                                            result.outcome().word(),
                                            result.error().map(why -> " (" + why + ")").orElse(""),
                                            result.attempt()),
                            event);
                }
            }
        }
    }

    /** What is recorded together with the result says the same in short. */
    private static boolean isAsRecorded(Commit commit, JobResult result) {
        return commit.records().stream()
                .filter(record -> record.id().equals(result.id()))
                .flatMap(record -> record.state().endingIfSettled().stream())
                .allMatch(ending(result)::equals);
    }

    private static Ending ending(JobResult result) {
        return new Ending(
                result.outcome(),
                result.error(),
                result.exitCode(),
                result.startedAt(),
                result.members().stream()
                        .map(
                                told ->
                                        new Ending.MemberEnding(
                                                told.member(),
                                                told.machine(),
                                                told.pool(),
                                                told.exitCode()))
                        .toList());
    }

    private boolean isTrue(Job job, JobResult result) {
        List<Member> front =
                job.members().stream()
                        .filter(member -> !job.role(member.role()).isBackground())
                        .toList();
        return switch (result.outcome()) {
            case SUCCEEDED ->
                    front.stream().allMatch(member -> hasExited(result, member, 0))
                            && result.members().size() == job.members().size()
                            && result.members().stream().allMatch(m -> isTrue(job, result, m));
            case FAILED ->
                    Reasons.hasFailed(job)
                            || (isExitCode(job, result, front)
                                    && result.members().stream()
                                            .allMatch(m -> isTrue(job, result, m)));
            case TIMED_OUT ->
                    front.stream()
                            .map(member -> run(result, member))
                            .anyMatch(
                                    run -> run != null && run.ended instanceof RunStatus.TimedOut);
            case CANCELLED -> facts.isCancelled(job.id());
            case REJECTED -> job.machines().anyMatch(spec -> spec.image().equals(Traffic.NO_IMAGE));
            case UNAVAILABLE ->
                    isRoomScarce
                            || facts.hasStruck(Fault.Scope.CLOUD)
                            || facts.hasStruck(Fault.Scope.CLOCK)
                            // Whoever waits out a patience while nobody serves him gives up.
                            || facts.hasStruck(Fault.Scope.WORKER)
                            || facts.hasStruck(Fault.Scope.BROKERS);
            case LOST, ERROR ->
                    facts.hasStruck(Fault.Scope.CLOUD) || facts.hasStruck(Fault.Scope.MACHINE);
        };
    }

    private boolean isExitCode(Job job, JobResult result, List<Member> front) {
        OptionalInt code = result.exitCode();
        return code.isPresent()
                && code.getAsInt() != 0
                && front.stream().anyMatch(member -> hasExited(result, member, code.getAsInt()))
                && !job.roles().isEmpty();
    }

    /** What the result says of a member that has ended by itself. */
    private boolean isTrue(Job job, JobResult result, MemberResult told) {
        Facts.@Nullable RunFacts run = run(result, told.member());
        if (told.exitCode().isEmpty()) {
            return true;
        }
        return run != null
                && run.machine.id.equals(told.machine())
                && run.ended instanceof RunStatus.Exited(int code)
                && code == told.exitCode().getAsInt()
                && told.out().head().equals(output(job.role(told.member().role()).run()));
    }

    private boolean hasExited(JobResult result, Member member, int code) {
        Facts.@Nullable RunFacts run = run(result, member);
        return run != null && run.ended instanceof RunStatus.Exited(int really) && really == code;
    }

    private Facts.@Nullable RunFacts run(JobResult result, Member member) {
        return facts.run(new RunKey(result.id(), member, result.attempt()));
    }

    private static String output(String script) {
        return script.lines()
                .filter(line -> line.startsWith("echo "))
                .map(line -> line.substring("echo ".length()) + "\n")
                .collect(Collectors.joining());
    }
}
