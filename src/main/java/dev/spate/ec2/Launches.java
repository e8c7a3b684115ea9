package dev.spate.ec2;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.fleet.Machine;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;

/**
 * Starts machines, once for each token.
 *
 * <p>A call that EC2 refuses started nothing, but an earlier one of the same token may have: one of
 * this worker's whose answer was lost, or one of the shard's former worker. So a refusal is certain
 * only when EC2 does not know of machines with the token; or does not even let us look, for then
 * what might be there is left to its lease, and to the sweeper when it may look again.
 */
final class Launches {

    private static final Logger log = LoggerFactory.getLogger(Launches.class);

    /** EC2's reads lag behind its writes, as a rule by less than a second or two. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private static final int LOOKS_MAX = 5;

    /** How long after a call without an answer its machines may still turn up. */
    private static final Duration UNCLEAR = Duration.ofMinutes(2);

    private static final int UNCLEAR_MAX = 2_000;

    private final Ec2Settings settings;
    private final Ec2Api api;
    private final Scheduler scheduler;
    private final SecurityGroups securityGroups;
    private final Images images;
    private final Instances instances;
    private final MachineView view;

    /** When a token was last sent without an answer, oldest first. Guarded by this. */
    private final LinkedHashMap<LaunchToken, Long> unclearSinceNanos = new LinkedHashMap<>();

    Launches(
            Ec2Settings settings,
            Ec2Api api,
            Scheduler scheduler,
            Images images,
            Instances instances,
            MachineView view) {
        this.settings = settings;
        this.api = api;
        this.scheduler = scheduler;
        this.securityGroups = new SecurityGroups(settings, api, scheduler);
        this.images = images;
        this.instances = instances;
        this.view = view;
    }

    /** As {@link dev.spate.fleet.Cloud#launch} promises. */
    Answer<List<Machine>> launch(Launch launch, String userData, Deadline deadline)
            throws InterruptedException {
        Optional<Failure> misfit = misfit(launch, userData);
        if (misfit.isPresent()) {
            return new Answer.Failed<>(misfit.get());
        }
        return switch (request(launch, userData, deadline)) {
            case Answer.Failed<RunInstancesRequest>(Failure why) ->
                    why.kind() == Failure.Kind.INFRASTRUCTURE
                            ? refused(launch, why, deadline)
                            : new Answer.Failed<>(why);
            case Answer.Ok<RunInstancesRequest>(RunInstancesRequest request) ->
                    machines(launch, send(launch, request, deadline), deadline);
        };
    }

    private Reply<RunInstancesResponse> send(
            Launch launch, RunInstancesRequest request, Deadline deadline)
            throws InterruptedException {
        AtomicInteger sent = new AtomicInteger();
        boolean isNothingStarted = false;
        try {
            Reply<RunInstancesResponse> reply =
                    api.call(
                            Ec2Action.RUN_INSTANCES,
                            deadline,
                            client -> {
                                sent.incrementAndGet();
                                return client.runInstances(request);
                            });
            // If it was sent twice, nobody knew what had become of it the first time.
            isNothingStarted =
                    reply instanceof Reply.Refused<RunInstancesResponse>(Ec2Error error)
                            && (sent.get() == 0 || (sent.get() == 1 && isCertain(error)));
            return reply;
        } finally {
            if (!isNothingStarted) {
                unclear(launch.token());
            }
        }
    }

    private static boolean isCertain(Ec2Error error) {
        return error.isRefusal() || error.failure().kind() != Failure.Kind.INFRASTRUCTURE;
    }

    private synchronized void unclear(LaunchToken token) {
        unclearSinceNanos.remove(token);
        unclearSinceNanos.put(token, scheduler.nanoTime());
        while (unclearSinceNanos.size() > UNCLEAR_MAX) {
            unclearSinceNanos.pollFirstEntry();
        }
    }

    private synchronized boolean isUnclear(LaunchToken token) {
        Long since = unclearSinceNanos.get(token);
        return since != null && scheduler.nanoTime() - since < UNCLEAR.toNanos();
    }

    /** Nothing was started by this call: what about earlier ones? */
    private Answer<List<Machine>> refused(Launch launch, Failure why, Deadline deadline)
            throws InterruptedException {
        if (isUnclear(launch.token())) {
            return new Answer.Failed<>(why);
        }
        return switch (startedBefore(launch, deadline)) {
            case Reply.Ok<List<Machine>>(List<Machine> machines) when !machines.isEmpty() ->
                    Answer.ok(machines);
            case Reply.Refused<List<Machine>>(Ec2Error error) when !error.isRefusal() ->
                    new Answer.Failed<>(why);
            case Reply.Ok<List<Machine>> _, Reply.Refused<List<Machine>> _ ->
                    Answer.failed(Failure.Kind.CAPACITY, why.message());
        };
    }

    /** What can be told without asking EC2. */
    private Optional<Failure> misfit(Launch launch, String userData) {
        int bytes = LaunchRequest.userDataBytes(userData);
        if (bytes > LaunchRequest.USER_DATA_BYTES_MAX) {
            return Optional.of(
                    new Failure(
                            Failure.Kind.INVALID,
                            "user data: expected at most "
                                    + LaunchRequest.USER_DATA_BYTES_MAX
                                    + " bytes, found "
                                    + bytes));
        }
        boolean hasSubnets = !settings.network().subnets().isEmpty();
        if (hasSubnets && LaunchRequest.subnet(launch, settings).isEmpty()) {
            // The configuration's fault, not the job's: it may well find a place in another zone.
            return Optional.of(
                    new Failure(
                            Failure.Kind.CAPACITY,
                            "zone " + launch.pool().zone().orElse("any") + ": has no subnet"));
        }
        return Optional.empty();
    }

    private Answer<RunInstancesRequest> request(Launch launch, String userData, Deadline deadline)
            throws InterruptedException {
        Optional<String> rootDevice = Optional.empty();
        if (launch.spec().disk().isPresent()) {
            switch (images.rootDevice(launch.imageId(), deadline)) {
                case Answer.Failed<String> failed -> {
                    return failed.as();
                }
                case Answer.Ok<String>(String device) -> rootDevice = Optional.of(device);
            }
        }
        Optional<String> device = rootDevice;
        return securityGroups
                .ids(deadline)
                .map(groups -> new LaunchRequest(launch, userData, groups, device).with(settings));
    }

    private Answer<List<Machine>> machines(
            Launch launch, Reply<RunInstancesResponse> reply, Deadline deadline)
            throws InterruptedException {
        return switch (reply) {
            case Reply.Ok<RunInstancesResponse>(RunInstancesResponse started) ->
                    started.instances().isEmpty()
                            ? Answer.failed(
                                    Failure.Kind.INFRASTRUCTURE,
                                    "RunInstances: an answer without machines")
                            : Answer.ok(machines(launch, started.instances()));
            case Reply.Refused<RunInstancesResponse> refused ->
                    switch (refused.error().code()) {
                        case Ec2Failures.MISMATCH -> {
                            // Never another token: that would start the machines a second time.
                            log.error(
                                    "Launch {} was made before with other parameters: workers with"
                                            + " different settings, or a bug",
                                    launch.token());
                            yield startedBefore(launch, refused.error().failure(), deadline);
                        }
                        case Ec2Failures.TERMINATED ->
                                startedBefore(launch, refused.error().failure(), deadline);
                        default -> refused(launch, refused.error(), deadline);
                    };
        };
    }

    private Answer<List<Machine>> refused(Launch launch, Ec2Error error, Deadline deadline)
            throws InterruptedException {
        if (Ec2Failures.NO_GROUP.contains(error.code())) {
            securityGroups.forget();
        }
        return error.isRefusal()
                ? refused(launch, error.failure(), deadline)
                : new Answer.Failed<>(error.failure());
    }

    /** The machines an earlier call of the same token started, or a failure if there are none. */
    private Answer<List<Machine>> startedBefore(Launch launch, Failure otherwise, Deadline deadline)
            throws InterruptedException {
        return switch (startedBefore(launch, deadline)) {
            case Reply.Ok<List<Machine>>(List<Machine> none) when none.isEmpty() ->
                    new Answer.Failed<>(otherwise);
            case Reply.Ok<List<Machine>>(List<Machine> machines) -> Answer.ok(machines);
            case Reply.Refused<List<Machine>> refused -> refused.answer();
        };
    }

    /** The machines an earlier call of the same token started. */
    private Reply<List<Machine>> startedBefore(Launch launch, Deadline deadline)
            throws InterruptedException {
        for (int look = 1; ; look++) {
            switch (instances.byToken(launch.token(), deadline)) {
                case Reply.Refused<List<Instance>>(Ec2Error error) -> {
                    return new Reply.Refused<>(error);
                }
                case Reply.Ok<List<Instance>>(List<Instance> found) -> {
                    boolean isLastLook =
                            look == LOOKS_MAX
                                    || LOOK_AGAIN.compareTo(deadline.remaining(scheduler)) >= 0;
                    if (!found.isEmpty() || isLastLook) {
                        return new Reply.Ok<>(machines(launch, found));
                    }
                    scheduler.sleep(LOOK_AGAIN);
                }
            }
        }
    }

    private List<Machine> machines(Launch launch, List<Instance> started) {
        return started.stream().map(instance -> view.machine(instance, launch)).toList();
    }
}
