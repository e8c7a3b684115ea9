package dev.spate.simulation;

import dev.spate.engine.FakeOutputLog;
import dev.spate.engine.FakeTopicsEvent;
import dev.spate.engine.OutputLog;
import dev.spate.fleet.FakeScript;
import dev.spate.fleet.RunKey;
import dev.spate.job.Job;
import dev.spate.job.JobRecord;
import dev.spate.job.JobResult;
import dev.spate.job.MemberResult;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is published of a run, by however many workers, is what it writes, without a gap, up to its
 * share; and what the job's result tells of is there before it.
 */
final class TrueOutput extends Check {

    private final int bytesMax;
    private final Map<RunKey, Integer> published = new HashMap<>();
    private final Set<RunKey> capped = new HashSet<>();

    /**
     * @param bytesMax how much of a job's output is published
     */
    TrueOutput(int bytesMax, Facts facts, Consumer<Breach> judge) {
        super(Promise.TRUE_OUTPUT, facts, judge);
        this.bytesMax = bytesMax;
    }

    @Override
    void see(Event event) {
        switch (event) {
            case Event.Output output -> see(output);
            case Event.InTopics(FakeTopicsEvent.Committed committed) ->
                    committed.commit().results().forEach(result -> see(event, result));
            case Event.InTopics _,
                    Event.InCloud _,
                    Event.OnGround _,
                    Event.Struck _,
                    Event.ToWorker _,
                    Event.Cleared _,
                    Event.Ended _ -> {}
        }
    }

    private void see(Event.Output output) {
        FakeOutputLog.Entry entry = output.entry();
        OutputLog.Source source = entry.source();
        @Nullable JobRecord record = facts.record(source.job());
        if (record == null) {
            expect(false, "output of job " + source.job() + ", which nobody has claimed", output);
            return;
        }
        RunKey key = new RunKey(source.job(), source.member(), source.attempt());
        int share = share(record.job());
        String whole = whole(record.job(), key);
        int before = published.getOrDefault(key, 0);
        int from = (int) entry.offset();
        int to = from + entry.text().length();
        expect(
                facts.run(key) != null && whole.startsWith(entry.text(), from),
                "run " + key + " has not written what is published of it",
                output);
        expect(from <= before, "output of run " + key + " has a gap from " + before, output);
        expect(to <= share, "more than " + share + " bytes are published of run " + key, output);
        published.put(key, Math.max(before, to));
        if (entry.isCapped()) {
            expect(
                    from == share && whole.length() > share,
                    "output of run " + key + " is said to end before its share of " + share,
                    output);
            capped.add(key);
        }
    }

    private void see(Event event, JobResult result) {
        @Nullable JobRecord record = facts.record(result.id());
        if (record == null) {
            return;
        }
        int share = share(record.job());
        for (MemberResult member : result.members()) {
            RunKey key = new RunKey(result.id(), member.member(), result.attempt());
            // Who stops a run does not wait for the rest of its output.
            long seen = member.out().bytes();
            expect(
                    published.getOrDefault(key, 0) >= Math.min(seen, share),
                    "the result tells of %d bytes of run %s, but only %d are published"
                            .formatted(seen, key, published.getOrDefault(key, 0)),
                    event);
            expect(
                    share == 0 || seen <= share || capped.contains(key),
                    "nobody is told that there is more of run " + key,
                    event);
        }
    }

    private int share(Job job) {
        return bytesMax / job.members().size();
    }

    private static String whole(Job job, RunKey key) {
        return FakeScript.output(job.role(key.member().role()).run());
    }
}
