package dev.spate.fleet;

import dev.spate.job.Hold;
import dev.spate.job.JobId;
import dev.spate.job.JobRecord;
import dev.spate.job.JobState;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import dev.spate.job.Seat;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The machines that jobs have, or have been promised, by what their records say. A machine whose
 * launch a record waits for is promised only if it is the one that the record has a seat for.
 */
public final class Promised {

    private final Map<MachineId, List<JobId>> held = new HashMap<>();
    private final Map<Place, List<JobId>> seated = new HashMap<>();

    /** One machine of a launch, before it has a name. */
    private record Place(LaunchToken token, int index) {}

    private Promised() {}

    /** What these records say together. */
    public static Promised by(Collection<JobRecord> records) {
        Promised promised = new Promised();
        records.forEach(promised::take);
        return promised;
    }

    /** The jobs that have the machine, or have been promised it; none if nobody wants it. */
    public List<JobId> jobs(Machine machine) {
        List<JobId> jobs = new ArrayList<>(held.getOrDefault(machine.id(), List.of()));
        machine.token()
                .map(token -> seated.getOrDefault(new Place(token, machine.index()), List.of()))
                .ifPresent(jobs::addAll);
        return jobs;
    }

    private void take(JobRecord record) {
        JobState state = record.state();
        for (Hold hold : state.machines()) {
            held.computeIfAbsent(hold.machine(), _ -> new ArrayList<>()).add(record.id());
        }
        if (state instanceof JobState.Launching launching) {
            for (Seat seat : launching.seats()) {
                seated.computeIfAbsent(
                                new Place(seat.launch().token(), seat.index()),
                                _ -> new ArrayList<>())
                        .add(record.id());
            }
        }
    }
}
