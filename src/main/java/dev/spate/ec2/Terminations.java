package dev.spate.ec2;

import dev.spate.async.Deadline;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.MachineId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesResponse;

/**
 * Ends machines.
 *
 * <p>EC2 ends all of a call's machines or none. If it names the ones it does not want to end, the
 * others are tried without them; if it names none, one half is tried after the other, so that one
 * machine that cannot be ended costs some twenty calls at worst, and no other machine its end.
 */
final class Terminations {

    private static final String UNKNOWN = "InvalidInstanceID.";
    private static final Pattern WORDS = Pattern.compile("[^A-Za-z0-9._:-]+|:instance/|[.:]+$");

    /** For 500 machines of which a few cannot be ended; beyond it the rest is given up. */
    private static final int CALLS_MAX = 60;

    private final Ec2Api api;

    Terminations(Ec2Api api) {
        this.api = api;
    }

    /** As {@link dev.spate.fleet.Cloud#terminate} promises. */
    Answer<Map<MachineId, Failure>> terminate(Set<MachineId> ids, Deadline deadline)
            throws InterruptedException {
        Map<MachineId, Failure> left = new HashMap<>();
        Deque<List<MachineId>> parts = new ArrayDeque<>();
        parts.add(ids.stream().sorted().toList());
        for (int calls = 1; !parts.isEmpty(); calls++) {
            List<MachineId> part = parts.remove();
            if (part.isEmpty()) {
                continue;
            }
            if (!(end(part, deadline) instanceof Reply.Refused<?>(Ec2Error error))) {
                continue;
            }
            if (calls == 1 && !isDivisible(error)) {
                return new Answer.Failed<>(error.failure());
            }
            Set<MachineId> named = named(part, error.text());
            boolean isUnknown = error.code().startsWith(UNKNOWN);
            if (!isDivisible(error)
                    || calls >= CALLS_MAX
                    || (named.isEmpty() && part.size() == 1)) {
                if (!isUnknown) {
                    part.forEach(id -> left.put(id, error.failure()));
                }
            } else if (named.isEmpty()) {
                parts.add(part.subList(0, part.size() / 2));
                parts.add(part.subList(part.size() / 2, part.size()));
            } else {
                // What EC2 does not know is as good as ended, as far as asking for it goes.
                if (!isUnknown) {
                    named.forEach(id -> left.put(id, error.failure()));
                }
                parts.add(part.stream().filter(id -> !named.contains(id)).toList());
            }
        }
        return Answer.ok(left);
    }

    private Reply<TerminateInstancesResponse> end(List<MachineId> ids, Deadline deadline)
            throws InterruptedException {
        List<String> names = ids.stream().map(MachineId::value).toList();
        return api.call(
                Ec2Action.TERMINATE_INSTANCES,
                deadline,
                client -> client.terminateInstances(request -> request.instanceIds(names)));
    }

    /** Whether the error may be about some of the machines only. */
    private static boolean isDivisible(Ec2Error error) {
        return switch (error.code()) {
            case "OperationNotPermitted",
                    "UnauthorizedOperation",
                    "IncorrectInstanceState",
                    "UnsupportedOperation",
                    "InvalidParameterValue",
                    Ec2Failures.OTHER ->
                    true;
            default -> error.code().startsWith(UNKNOWN);
        };
    }

    private static Set<MachineId> named(List<MachineId> ids, String text) {
        Set<String> words = Set.of(WORDS.split(text));
        return ids.stream().filter(id -> words.contains(id.value())).collect(Collectors.toSet());
    }
}
