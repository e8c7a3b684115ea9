package dev.spate.ec2;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.fleet.Machine;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Launch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;

/** Starts machines, once for each token. */
final class Launches {

    private static final Logger log = LoggerFactory.getLogger(Launches.class);

    /** EC2's reads lag behind its writes, as a rule by less than a second or two. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private static final int LOOKS_MAX = 5;

    private final Ec2Settings settings;
    private final Ec2Api api;
    private final Scheduler scheduler;
    private final SecurityGroups securityGroups;
    private final Images images;
    private final Instances instances;
    private final MachineView view;

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
            case Answer.Failed<RunInstancesRequest> failed -> failed.as();
            case Answer.Ok<RunInstancesRequest>(RunInstancesRequest request) ->
                    machines(
                            launch,
                            api.call(
                                    Ec2Action.RUN_INSTANCES,
                                    deadline,
                                    client -> client.runInstances(request)),
                            deadline);
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
                        case Ec2Failures.NO_GROUP -> {
                            securityGroups.forget();
                            yield refused.answer();
                        }
                        default -> refused.answer();
                    };
        };
    }

    /** The machines an earlier call of the same token started. */
    private Answer<List<Machine>> startedBefore(Launch launch, Failure otherwise, Deadline deadline)
            throws InterruptedException {
        for (int look = 1; ; look++) {
            Answer<List<Instance>> found = instances.byToken(launch.token(), deadline);
            boolean isNothing =
                    found instanceof Answer.Ok<List<Instance>>(List<Instance> none)
                            && none.isEmpty();
            if (!isNothing) {
                return found.map(some -> machines(launch, some));
            }
            if (look == LOOKS_MAX || LOOK_AGAIN.compareTo(deadline.remaining(scheduler)) >= 0) {
                return new Answer.Failed<>(otherwise);
            }
            scheduler.sleep(LOOK_AGAIN);
        }
    }

    private List<Machine> machines(Launch launch, List<Instance> started) {
        return started.stream().map(instance -> view.machine(instance, launch)).toList();
    }
}
