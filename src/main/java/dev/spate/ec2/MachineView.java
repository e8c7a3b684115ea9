package dev.spate.ec2;

import dev.spate.fleet.Machine;
import dev.spate.job.Failure;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import dev.spate.job.Market;
import dev.spate.job.Pool;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceLifecycleType;
import software.amazon.awssdk.services.ec2.model.StateReason;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * EC2's instances as machines. Pure.
 *
 * @param group whose machines are ours
 * @param address which address is told
 */
record MachineView(String group, Ec2Settings.Address address) {

    /** A machine. One whose tags are not of this group comes without token, shard and lease. */
    Machine machine(Instance instance) {
        Map<String, String> tags = new HashMap<>();
        for (Tag tag : instance.tags()) {
            tags.put(tag.key(), tag.value());
        }
        if (!group.equals(tags.get(Tags.GROUP))) {
            tags.clear();
        }
        return machine(
                instance,
                Optional.ofNullable(tags.get(Tags.LAUNCH)).flatMap(MachineView::token),
                shard(tags.get(Tags.SHARD)),
                Optional.ofNullable(tags.get(Tags.EXPIRES)).flatMap(MachineView::instant));
    }

    /** A machine that is known to come from this launch, whatever its tags say yet. */
    Machine machine(Instance instance, Launch launch) {
        return machine(
                instance,
                Optional.of(launch.token()),
                OptionalInt.of(launch.shard()),
                Optional.of(launch.expiresAt()));
    }

    private Machine machine(
            Instance instance,
            Optional<LaunchToken> token,
            OptionalInt shard,
            Optional<Instant> expiresAt) {
        Machine.State state = state(instance);
        return new Machine(
                new MachineId(instance.instanceId()),
                token,
                Optional.ofNullable(instance.amiLaunchIndex()).orElse(0),
                shard,
                state,
                address(instance),
                pool(instance),
                Optional.ofNullable(instance.launchTime()).orElse(Instant.EPOCH),
                expiresAt,
                ended(instance, state));
    }

    private static Machine.State state(Instance instance) {
        if (instance.state() == null) {
            return Machine.State.PENDING;
        }
        return switch (instance.state().name()) {
            case PENDING, UNKNOWN_TO_SDK_VERSION -> Machine.State.PENDING;
            case RUNNING -> Machine.State.RUNNING;
            // A stopped one could be started again, but not by us: it is on its way out.
            case SHUTTING_DOWN, STOPPING, STOPPED -> Machine.State.STOPPING;
            case TERMINATED -> Machine.State.GONE;
        };
    }

    private Optional<String> address(Instance instance) {
        String text =
                switch (address) {
                    case PRIVATE -> instance.privateIpAddress();
                    case PUBLIC -> instance.publicIpAddress();
                };
        return Optional.ofNullable(text).filter(known -> !known.isEmpty());
    }

    private static Pool pool(Instance instance) {
        Market market =
                instance.instanceLifecycle() == InstanceLifecycleType.SPOT
                        ? Market.SPOT
                        : Market.ON_DEMAND;
        Optional<String> zone =
                Optional.ofNullable(instance.placement())
                        .flatMap(placement -> Optional.ofNullable(placement.availabilityZone()));
        String type = Optional.ofNullable(instance.instanceTypeAsString()).orElse("unknown");
        return new Pool(market, type, zone);
    }

    private static Optional<Failure> ended(Instance instance, Machine.State state) {
        return switch (state) {
            case PENDING, RUNNING -> Optional.empty();
            case STOPPING, GONE -> {
                Optional<StateReason> reason = Optional.ofNullable(instance.stateReason());
                yield Optional.of(
                        Ec2Failures.ended(
                                reason.map(StateReason::code), reason.map(StateReason::message)));
            }
        };
    }

    private static Optional<LaunchToken> token(String text) {
        try {
            return Optional.of(new LaunchToken(text));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    private static OptionalInt shard(@Nullable String text) {
        return text != null && text.matches("\\d{1,9}")
                ? OptionalInt.of(Integer.parseInt(text))
                : OptionalInt.empty();
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException notOurs) {
            return Optional.empty();
        }
    }
}
