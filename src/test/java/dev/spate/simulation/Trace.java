package dev.spate.simulation;

import dev.spate.engine.FakeTopicsEvent;
import dev.spate.engine.Incoming;
import dev.spate.fleet.FakeCloudEvent;
import dev.spate.fleet.FakeGroundEvent;
import java.time.Duration;
import java.time.Instant;

/** A history as text: one line for an event, with the time since the beginning, who, and what. */
final class Trace {

    private Trace() {}

    /** All of a history. */
    static String of(History history) {
        StringBuilder text = new StringBuilder();
        history.events().forEach(event -> text.append(line(event)).append('\n'));
        return text.toString();
    }

    /** {@code 12.345 w1/job-a machine i-…01 is told to end}. */
    static String line(Event event) {
        return switch (event) {
            case Event.InTopics(FakeTopicsEvent what) -> topics(what);
            case Event.InCloud(FakeCloudEvent what) -> cloud(what);
            case Event.OnGround(FakeGroundEvent what) -> ground(what);
            case Event.Output output ->
                    line(output.at(), output.by(), "publishes " + output.entry());
            case Event.ToWorker(Instant at, String worker, String what) -> line(at, worker, what);
            case Event.Struck struck ->
                    line(
                            struck.at(),
                            "weather",
                            struck.fault()
                                    + struck.machine().map(id -> " " + id).orElse("")
                                    + (struck.what().isEmpty() ? "" : ": " + struck.what()));
            case Event.Cleared(Instant at) -> line(at, "weather", "clears up");
            case Event.Ended ended ->
                    line(
                            ended.at(),
                            "",
                            ended.unfinished().isEmpty()
                                    ? "all is quiet"
                                    : "left: " + ended.unfinished());
        };
    }

    private static String topics(FakeTopicsEvent event) {
        return switch (event) {
            case FakeTopicsEvent.Published(Instant at, int shard, Incoming message) ->
                    line(at, "traffic", "shard " + shard + " gets " + message(message));
            case FakeTopicsEvent.Opened(Instant at, int shard, String by, long epoch) ->
                    line(at, by, "opens shard " + shard + ", epoch " + epoch);
            case FakeTopicsEvent.Delivered(Instant at, int shard, String by, long offset) ->
                    line(at, by, "reads offset " + offset + " of shard " + shard);
            case FakeTopicsEvent.Committed committed ->
                    line(
                            committed.at(),
                            committed.by(),
                            "commits to shard " + committed.shard() + ": " + committed);
            case FakeTopicsEvent.Troubled troubled ->
                    line(
                            troubled.at(),
                            troubled.by(),
                            "transaction in shard %d: %s after %s more"
                                    .formatted(
                                            troubled.shard(), troubled.fate(), troubled.delay()));
            case FakeTopicsEvent.Lost(Instant at, int shard, String by, String why) ->
                    line(at, by, "loses the journal of shard " + shard + ": " + why);
        };
    }

    private static String message(Incoming message) {
        return switch (message) {
            case Incoming.Submitted submitted ->
                    "job %s (%s; timeout %s, retries %s%s) at offset %d"
                            .formatted(
                                    submitted.job().id(),
                                    String.join(
                                            ", ",
                                            submitted.job().roles().stream()
                                                    .map(
                                                            role ->
                                                                    role.name()
                                                                            + " x"
                                                                            + role.count()
                                                                            + " '"
                                                                            + role.run()
                                                                                    .replace(
                                                                                            "\n",
                                                                                            "; ")
                                                                            + "'")
                                                    .toList()),
                                    submitted.job().timeout(),
                                    submitted.job().retries(),
                                    submitted.job().mayReuse() ? "" : ", no reuse",
                                    submitted.offset());
            case Incoming.Cancelled cancelled ->
                    "the wish to cancel " + cancelled.id() + " at offset " + cancelled.offset();
            case Incoming.Malformed bad ->
                    "a bad message"
                            + bad.id().map(id -> " of " + id).orElse("")
                            + " at offset "
                            + bad.offset();
        };
    }

    private static String cloud(FakeCloudEvent event) {
        return switch (event) {
            case FakeCloudEvent.Made made ->
                    line(
                            made.at(),
                            made.by(),
                            "machine %s comes, %d of %d of launch %s in %s"
                                    .formatted(
                                            made.machine(),
                                            made.index() + 1,
                                            made.launch().count(),
                                            made.token().value().substring(0, 8),
                                            made.launch().pool()));
            case FakeCloudEvent.Appeared appeared ->
                    line(appeared.at(), "account", "machine " + appeared.machine() + " appears");
            case FakeCloudEvent.MadeBefore before ->
                    line(
                            before.at(),
                            before.by(),
                            "launch "
                                    + before.token().value().substring(0, 8)
                                    + " is asked for again");
            case FakeCloudEvent.TerminationAsked asked ->
                    line(asked.at(), asked.by(), "machine " + asked.machine() + " is told to end");
            case FakeCloudEvent.Stopped stopped ->
                    line(stopped.at(), "cloud", "machine stops: " + stopped.why());
            case FakeCloudEvent.Failed failed ->
                    line(
                            failed.at(),
                            failed.by(),
                            failed.action()
                                    + " fails, "
                                    + (failed.effect() == dev.spate.fleet.FakeFaults.Effect.HAPPENS
                                            ? "done all the same: "
                                            : "and is not done: ")
                                    + failed.why());
            case FakeCloudEvent.Slowed slowed ->
                    line(slowed.at(), slowed.by(), slowed.action() + " takes " + slowed.time());
            case FakeCloudEvent.Violation violation ->
                    line(
                            violation.at(),
                            violation.by(),
                            "does what is forbidden: " + violation.what());
        };
    }

    private static String ground(FakeGroundEvent event) {
        return switch (event) {
            case FakeGroundEvent.LoggedIn login ->
                    line(
                            login.at(),
                            login.by(),
                            "logs in to "
                                    + login.other()
                                    + (login.other().equals(login.machine())
                                            ? ""
                                            : " FOR " + login.machine()));
            case FakeGroundEvent.Mistrusted mistrusted ->
                    line(
                            mistrusted.at(),
                            mistrusted.by(),
                            "does not trust machine " + mistrusted.machine());
            case FakeGroundEvent.NotReached missed ->
                    line(
                            missed.at(),
                            missed.by(),
                            "does not reach " + missed.machine() + ": " + missed.why());
            case FakeGroundEvent.Broke broke ->
                    line(
                            broke.at(),
                            broke.by(),
                            "exchange with "
                                    + broke.machine()
                                    + " breaks, "
                                    + (broke.isDone() ? "done" : "not done"));
            case FakeGroundEvent.SetUp setUp ->
                    line(setUp.at(), setUp.by(), "sets up " + setUp.machine());
            case FakeGroundEvent.Started started ->
                    line(
                            started.at(),
                            started.by(),
                            "starts " + started.key() + " on " + started.machine());
            case FakeGroundEvent.StartedBefore before ->
                    line(before.at(), before.by(), "finds " + before.key() + " started");
            case FakeGroundEvent.Stopped stopped ->
                    line(stopped.at(), stopped.by(), "stops " + stopped.key());
            case FakeGroundEvent.Ended ended ->
                    line(ended.at(), "ground", ended.key() + " ends: " + ended.how());
            case FakeGroundEvent.Served served ->
                    line(
                            served.at(),
                            served.by(),
                            "is served by %s for %s, epoch %d"
                                    .formatted(served.machine(), served.job(), served.epoch()));
            case FakeGroundEvent.Refused refused ->
                    line(
                            refused.at(),
                            refused.by(),
                            "is refused by %s, which has seen a later owner of %s than %d"
                                    .formatted(refused.machine(), refused.job(), refused.epoch()));
            case FakeGroundEvent.Extended extended ->
                    line(
                            extended.at(),
                            extended.by(),
                            "moves the lease of "
                                    + extended.machine()
                                    + " to "
                                    + extended.lease()
                                    + " from now");
        };
    }

    private static String line(Instant at, String who, String what) {
        Duration since = Duration.between(Simulation.BEGINNING, at);
        return "%10.3f %-22s %s".formatted(since.toNanos() / 1e9, who, what);
    }
}
