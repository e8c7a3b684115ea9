package dev.spate.board;

import dev.spate.job.Ending;
import dev.spate.job.Hold;
import dev.spate.job.InputFile;
import dev.spate.job.Job;
import dev.spate.job.JobRecord;
import dev.spate.job.JobState;
import dev.spate.job.Role;
import dev.spate.job.Seat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes what is shown of a job. Pure. */
final class Pages {

    private Pages() {}

    static JobPage page(int shard, Entry entry, JobRecord record) {
        return page(shard, record, entry.head().updatedAt(), entry.history());
    }

    static JobPage next(Optional<JobPage> before, int shard, JobRecord record, Instant at) {
        List<Moment> history =
                before.filter(page -> page.row().publishedAt().equals(record.publishedAt()))
                        .map(JobPage::history)
                        .orElse(List.of());
        return page(shard, record, at, History.plus(history, record, at));
    }

    private static JobPage page(
            int shard, JobRecord record, Instant updatedAt, List<Moment> history) {
        return new JobPage(
                JobRow.of(record, updatedAt),
                shard,
                outline(record.job()),
                members(record.state()),
                history,
                record.spent(),
                record.trace());
    }

    private static JobOutline outline(Job job) {
        return new JobOutline(
                job.roles().stream().map(Pages::outline).toList(),
                job.timeout(),
                job.patience(),
                job.retries(),
                job.mayReuse(),
                job.isLogged());
    }

    private static RoleOutline outline(Role role) {
        return new RoleOutline(
                role.name(),
                role.count(),
                role.isBackground(),
                role.machine(),
                role.setup(),
                role.run(),
                List.copyOf(role.env().keySet()),
                role.files().stream().map(InputFile::path).toList(),
                role.outputs());
    }

    private static List<MemberRow> members(JobState state) {
        return switch (state) {
            case JobState.Waiting _ -> List.of();
            case JobState.Launching launching -> {
                List<MemberRow> members = new ArrayList<>();
                launching.seats().forEach(seat -> members.add(member(seat)));
                launching.reused().forEach(hold -> members.add(member(hold, OptionalInt.empty())));
                yield members;
            }
            case JobState.Preparing _, JobState.Running _, JobState.Retreating _ ->
                    state.machines().stream()
                            .map(hold -> member(hold, OptionalInt.empty()))
                            .toList();
            case JobState.Settled settled -> members(settled.ending(), settled.owed());
            case JobState.Released released -> members(released.ending(), List.of());
        };
    }

    private static List<MemberRow> members(Ending ending, Collection<Hold> owed) {
        return ending.members().stream()
                .map(
                        member ->
                                owed.stream()
                                        .filter(hold -> hold.member().equals(member.member()))
                                        .findFirst()
                                        .map(hold -> member(hold, member.exitCode()))
                                        .orElseGet(() -> member(member)))
                .toList();
    }

    private static MemberRow member(Seat seat) {
        return new MemberRow(
                seat.member(),
                Optional.empty(),
                seat.launch().pool(),
                seat.launch().usdPerHour(),
                Optional.empty(),
                OptionalInt.empty());
    }

    private static MemberRow member(Hold hold, OptionalInt exitCode) {
        return new MemberRow(
                hold.member(),
                Optional.of(hold.machine()),
                hold.launch().pool(),
                hold.launch().usdPerHour(),
                Optional.of(hold.since()),
                exitCode);
    }

    private static MemberRow member(Ending.MemberEnding ending) {
        return new MemberRow(
                ending.member(),
                Optional.of(ending.machine()),
                ending.pool(),
                Optional.empty(),
                Optional.empty(),
                ending.exitCode());
    }
}
