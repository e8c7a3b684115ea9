package dev.spate.ssh;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.fleet.FleetEvents;
import dev.spate.fleet.OutputSink;
import dev.spate.fleet.RunKey;
import dev.spate.fleet.Target;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.session.ClientSession;

/**
 * Follows what a run writes, in one leg or several: the machine ends a leg when it has much to pass
 * over that the sink does not want, and the next one begins behind that.
 */
final class Following {

    /** What the script's {@code watch} ends with when it is to be called again. */
    private static final int AGAIN = 3;

    /** What it ends with when a later owner has been there. */
    private static final int STALE = 4;

    private final Target target;
    private final ClientSession session;
    private final Exec exec;
    private final RunScript script;
    private final Scheduler scheduler;
    private final FleetEvents events;

    /** How following ended. */
    enum End {
        /** Nothing came at all: the script may not be there. */
        NEVER_BEGUN,
        /** A later owner has been there. */
        REFUSED,
        /** The run may have ended, or not. */
        BROKEN_OFF,
        /** The run has ended, and what is wanted of its output has been handed over. */
        COMPLETE
    }

    Following(
            Target target,
            ClientSession session,
            Exec exec,
            RunScript script,
            Scheduler scheduler,
            FleetEvents events) {
        this.target = target;
        this.session = session;
        this.exec = exec;
        this.script = script;
        this.scheduler = scheduler;
        this.events = events;
    }

    /**
     * Follows a run to its end.
     *
     * @throws IOException if the connection failed
     * @throws TimeoutException if the deadline passed
     */
    End toTheEnd(RunKey key, long outOffset, long errOffset, OutputSink sink, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        Leg before = new Leg(outOffset, errOffset, AGAIN);
        Leg leg = leg(key, before, sink, deadline);
        if (leg.code() == STALE) {
            return End.REFUSED;
        }
        if (!leg.hasBegun()) {
            return End.NEVER_BEGUN;
        }
        while (leg.code() == AGAIN && leg.hasBegun() && leg.isFurtherThan(before)) {
            before = leg;
            leg = leg(key, before, sink, deadline);
        }
        return leg.code() == 0 && leg.hasBegun() ? End.COMPLETE : End.BROKEN_OFF;
    }

    /** How far both streams were seen, and the exit code. */
    private record Leg(long out, long err, int code) {

        boolean hasBegun() {
            return out != Watching.NEVER_BEGUN && err != Watching.NEVER_BEGUN;
        }

        boolean isFurtherThan(Leg before) {
            return out > before.out || err > before.err;
        }
    }

    private Leg leg(RunKey key, Leg before, OutputSink sink, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        OutputSink.Wanted wanted = sink.wanted();
        ChannelExec channel =
                session.createExecChannel(
                        script.call(
                                "watch",
                                Places.of(key),
                                Long.toString(before.out()),
                                Long.toString(before.err()),
                                Long.toString(wanted.headBytes()),
                                Long.toString(wanted.tailBytes()),
                                Long.toString(target.epoch())));
        return exec.open(
                channel,
                deadline,
                opened -> {
                    Watching watching = new Watching(sink, events);
                    var out =
                            watching.follow(
                                    scheduler,
                                    OutputSink.Stream.OUT,
                                    opened.getInvertedOut(),
                                    before.out());
                    var err =
                            watching.follow(
                                    scheduler,
                                    OutputSink.Stream.ERR,
                                    opened.getInvertedErr(),
                                    before.err());
                    try {
                        long outSeen = exec.await(out.result(), deadline);
                        long errSeen = exec.await(err.result(), deadline);
                        exec.await(Exec.closed(opened), deadline);
                        Integer code = opened.getExitStatus();
                        if (code == null) {
                            throw new IOException("the connection broke");
                        }
                        return new Leg(outSeen, errSeen, code);
                    } finally {
                        // No piece may reach the sink once this call is over.
                        channel.close(true);
                        out.cancel();
                        err.cancel();
                    }
                });
    }
}
