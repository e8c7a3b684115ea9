package dev.spate.fleet;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes each launch once for all the jobs that wait for it, and makes it again, with the same
 * token, for as long as nobody knows whether it happened. Safe for any thread.
 */
final class Launches {

    private static final Logger log = LoggerFactory.getLogger(Launches.class);

    /**
     * The answers kept for jobs that ask a little later; asking the cloud again would do as well.
     */
    private static final int ANSWERS_MAX = 200;

    private final Cloud cloud;
    private final MachineKeys keys;
    private final FleetSettings settings;
    private final Scheduler scheduler;
    private final Map<LaunchToken, CompletableFuture<Answer<List<Machine>>>> calls =
            new HashMap<>();
    private final Map<LaunchToken, Scheduler.Task<?>> underWay = new HashMap<>();
    private final LinkedHashMap<LaunchToken, Boolean> answered = new LinkedHashMap<>();

    /** Told of every answer before those who wait for it. */
    interface Listener {
        void answered(Launch launch, Answer<List<Machine>> answer);
    }

    private final Listener listener;

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
     * @return the machines, or a failure that says for certain that none were started
     */
    CompletableFuture<Answer<List<Machine>>> launch(Launch launch) {
        CompletableFuture<Answer<List<Machine>>> call = new CompletableFuture<>();
        synchronized (this) {
            CompletableFuture<Answer<List<Machine>>> before =
                    calls.putIfAbsent(launch.token(), call);
            if (before != null) {
                return before;
            }
        }
        Scheduler.Task<?> task =
                scheduler.start(
                        "launch-" + shortened(launch.token()),
                        () -> {
                            Answer<List<Machine>> answer = untilKnown(launch);
                            listener.answered(launch, answer);
                            remember(launch.token());
                            call.complete(answer);
                            return answer;
                        });
        synchronized (this) {
            if (!call.isDone()) {
                underWay.put(launch.token(), task);
            }
        }
        var _ =
                task.result()
                        .whenComplete(
                                (_, failure) -> {
                                    if (failure != null) {
                                        call.completeExceptionally(failure);
                                    }
                                });
        return call;
    }

    /** Stops asking; whoever waits is told by a cancellation. What was asked for may still come. */
    synchronized void close() {
        List.copyOf(underWay.values()).forEach(Scheduler.Task::cancel);
    }

    private Answer<List<Machine>> untilKnown(Launch launch) throws InterruptedException {
        String userData =
                UserData.render(launch, settings.loginUser(), keys.planted(launch.token()));
        boolean isToldOff = false;
        while (true) {
            Answer<List<Machine>> answer =
                    cloud.launch(
                            launch, userData, Deadline.after(scheduler, settings.callTimeout()));
            if (!(answer instanceof Answer.Failed<List<Machine>>(Failure why)) || isCertain(why)) {
                return answer;
            }
            if (!isToldOff) {
                log.warn(
                        "Launch {} of {} machines is not answered, and is repeated until it is: {}",
                        shortened(launch.token()),
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

    private synchronized void remember(LaunchToken token) {
        underWay.remove(token);
        answered.put(token, true);
        if (answered.size() > ANSWERS_MAX) {
            LaunchToken oldest = answered.pollFirstEntry().getKey();
            calls.remove(oldest);
        }
    }

    private static String shortened(LaunchToken token) {
        return token.value().substring(0, 12);
    }
}
