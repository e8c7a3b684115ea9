package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes each launch once for all the jobs that wait for it, and makes it again, with the same
 * token, for as long as nobody knows whether it happened. Safe for any thread.
 */
final class Launches {

    private static final Logger log = LoggerFactory.getLogger(Launches.class);

    // Answers are kept for jobs that ask a little later; asking the cloud again would do as well.
    private static final int ANSWERS_MAX = 200;
    private static final int ANSWERED_MACHINES_MAX = 5_000;

    /** How often a launch may end in an exception, which is a bug, before it is given up. */
    private static final int BUGS_MAX = 3;

    private final Cloud cloud;
    private final MachineKeys keys;
    private final FleetSettings settings;
    private final Scheduler scheduler;
    private final Listener listener;

    private final Map<LaunchToken, Call> calls = new LinkedHashMap<>();
    private final LinkedHashMap<LaunchToken, Integer> answered = new LinkedHashMap<>();
    private int answeredMachines;
    private boolean isClosed;

    /** Told of every answer before those who wait for it; must not block. */
    interface Listener {
        void answered(Launch launch, Answer<List<Machine>> answer);
    }

    /** A launch that is being made or was made a little while ago. */
    private static final class Call {
        final Launch launch;
        final CompletableFuture<Answer<List<Machine>>> answer = new CompletableFuture<>();
        Scheduler.@Nullable Task<?> task;

        Call(Launch launch) {
            this.launch = launch;
        }
    }

    Launches(
            Cloud cloud,
            MachineKeys keys,
            FleetSettings settings,
            Scheduler scheduler,
            Listener listener) {
        this.cloud = cloud;
        this.keys = keys;
        this.settings = settings;
        this.scheduler = scheduler;
        this.listener = listener;
    }

    /**
     * Starts the machines of a launch, unless that is done or under way.
     *
     * @return the machines, or a failure that says for certain that none were started, or INTERNAL;
     *     cancelled if the shard is dropped meanwhile. To cancel it cancels nothing
     */
    CompletableFuture<Answer<List<Machine>>> launch(Launch launch) {
        Call call;
        Scheduler.Task<?> task;
        synchronized (this) {
            Call before = calls.get(launch.token());
            if (before != null) {
                return Shared.copy(before.answer);
            }
            call = new Call(launch);
            if (isClosed) {
                call.answer.cancel(false);
                return call.answer;
            }
            task = scheduler.start("launch-" + shortened(launch), () -> make(call));
            call.task = task;
            calls.put(launch.token(), call);
        }
        var _ =
                task.result()
                        .whenComplete(
                                (_, failure) -> {
                                    if (failure != null) {
                                        failed(call, failure);
                                    }
                                });
        return Shared.copy(call.answer);
    }

    /**
     * Stops asking for the launches of a shard, and forgets them; whoever waits is told by a
     * cancellation. What was asked for may still come.
     */
    void drop(int shard) {
        drop(launch -> launch.shard() == shard);
    }

    /** Stops asking; whoever waits is told by a cancellation. What was asked for may still come. */
    void close() {
        synchronized (this) {
            isClosed = true;
        }
        drop(_ -> true);
    }

    /** How many launches are under way. */
    synchronized int count() {
        return calls.size() - answered.size();
    }

    private void drop(Predicate<Launch> which) {
        List<Call> dropped = new ArrayList<>();
        synchronized (this) {
            calls.values().stream().filter(call -> which.test(call.launch)).forEach(dropped::add);
            dropped.forEach(this::forget);
        }
        for (Call call : dropped) {
            if (call.task != null) {
                call.task.cancel();
            }
            call.answer.cancel(false);
        }
    }

    private Answer<List<Machine>> make(Call call) throws InterruptedException {
        Answer<List<Machine>> answer = untilKnown(call.launch);
        listener.answered(call.launch, answer);
        remember(call, answer);
        call.answer.complete(answer);
        return answer;
    }

    private Answer<List<Machine>> untilKnown(Launch launch) throws InterruptedException {
        String userData =
                UserData.render(launch, settings.loginUser(), keys.planted(launch.token()));
        boolean isToldOff = false;
        int bugs = 0;
        while (true) {
            Answer<List<Machine>> answer;
            try {
                answer =
                        cloud.launch(
                                launch,
                                userData,
                                Deadline.after(scheduler, settings.callTimeout()));
            } catch (RuntimeException bug) {
                log.error("Launch {} ended in a mistake", shortened(launch), bug);
                bugs++;
                // Nobody knows whether it happened, but to ask for ever would hold its jobs up.
                answer =
                        Answer.failed(
                                bugs < BUGS_MAX
                                        ? Failure.Kind.INFRASTRUCTURE
                                        : Failure.Kind.INTERNAL,
                                "a mistake in Spate: " + bug);
            }
            if (!(answer instanceof Answer.Failed<List<Machine>>(Failure why)) || isCertain(why)) {
                return answer;
            }
            if (!isToldOff) {
                log.warn(
                        "Launch {} of {} machines is not answered, and is repeated until it is: {}",
                        shortened(launch),
                        launch.count(),
                        why);
                isToldOff = true;
            }
            scheduler.sleep(settings.retryPause());
        }
    }

    /** Whether the failure says that nothing was started. */
    private static boolean isCertain(Failure why) {
        return switch (why.kind()) {
            case CAPACITY, QUOTA, INVALID, LOST, SECURITY, INTERNAL, JOB, TIMEOUT, CANCELLED ->
                    true;
            case THROTTLED, INFRASTRUCTURE -> false;
        };
    }

    private synchronized void remember(Call call, Answer<List<Machine>> answer) {
        LaunchToken token = call.launch.token();
        if (calls.get(token) != call) {
            return; // dropped meanwhile
        }
        int machines =
                switch (answer) {
                    case Answer.Ok<List<Machine>>(List<Machine> came) -> came.size();
                    case Answer.Failed<List<Machine>> _ -> 0;
                };
        answered.put(token, machines);
        answeredMachines += machines;
        while (answered.size() > ANSWERS_MAX || answeredMachines > ANSWERED_MACHINES_MAX) {
            Map.Entry<LaunchToken, Integer> oldest = answered.pollFirstEntry();
            answeredMachines -= oldest.getValue();
            calls.remove(oldest.getKey());
        }
    }

    /** Something is wrong with the launch itself, or it was cancelled. */
    private void failed(Call call, Throwable failure) {
        synchronized (this) {
            if (calls.get(call.launch.token()) == call) {
                forget(call);
            }
        }
        call.answer.completeExceptionally(failure);
    }

    private void forget(Call call) {
        calls.remove(call.launch.token());
        Integer machines = answered.remove(call.launch.token());
        answeredMachines -= machines == null ? 0 : machines;
    }

    private static String shortened(Launch launch) {
        return launch.token().value().substring(0, 12);
    }
}
