package dev.spate.ec2;

import dev.spate.async.Deadline;
import dev.spate.job.Answer;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;

/**
 * Looks at instances.
 *
 * <p>Ids are asked for by filter, not by name: a filter that nothing matches is an empty answer,
 * while one unknown name fails a whole call, and a machine just launched is unknown for a while.
 * The price is that EC2 takes {@value #FILTER_VALUES_MAX} values for a filter, so that 500 ids are
 * three calls.
 */
final class Instances {

    /** EC2's limit. */
    static final int FILTER_VALUES_MAX = 200;

    private static final int PAGE_SIZE = 1_000;

    private static final List<String> NOT_GONE =
            List.of("pending", "running", "shutting-down", "stopping", "stopped");

    private final Ec2Api api;
    private final String group;

    Instances(Ec2Api api, String group) {
        this.api = api;
        this.group = group;
    }

    static Filter filter(String name, Collection<String> values) {
        return Filter.builder().name(name).values(values).build();
    }

    /** Parts of a list, each small enough to be a filter's values. */
    static List<List<String>> parts(Collection<String> values, int size) {
        List<String> sorted = values.stream().sorted().toList();
        List<List<String>> parts = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += size) {
            parts.add(sorted.subList(from, Math.min(sorted.size(), from + size)));
        }
        return parts;
    }

    /** Those of the ids that EC2 knows. */
    Answer<List<Instance>> byId(Collection<MachineId> ids, Deadline deadline)
            throws InterruptedException {
        List<Instance> found = new ArrayList<>();
        List<String> names = ids.stream().map(MachineId::value).toList();
        for (List<String> part : parts(names, FILTER_VALUES_MAX)) {
            switch (find(List.of(filter("instance-id", part)), deadline)) {
                case Reply.Ok<List<Instance>>(List<Instance> instances) -> found.addAll(instances);
                case Reply.Refused<List<Instance>> refused -> {
                    return refused.answer();
                }
            }
        }
        return Answer.ok(found);
    }

    /** All that came out of a launch, even those that are gone, while EC2 still knows them. */
    Reply<List<Instance>> byToken(LaunchToken token, Deadline deadline)
            throws InterruptedException {
        return find(
                List.of(
                        filter("tag:" + Tags.GROUP, List.of(group)),
                        filter("tag:" + Tags.LAUNCH, List.of(token.value()))),
                deadline);
    }

    /** All of the group that are not gone. */
    Answer<List<Instance>> ofGroup(Deadline deadline) throws InterruptedException {
        return find(
                        List.of(
                                filter("tag:" + Tags.GROUP, List.of(group)),
                                filter("instance-state-name", NOT_GONE)),
                        deadline)
                .map(Function.identity());
    }

    private Reply<List<Instance>> find(List<Filter> filters, Deadline deadline)
            throws InterruptedException {
        var request = DescribeInstancesRequest.builder().filters(filters).maxResults(PAGE_SIZE);
        return new Pages<>(
                        Ec2Action.DESCRIBE_INSTANCES,
                        (client, token) ->
                                client.describeInstances(request.nextToken(token).build()),
                        Instances::all,
                        DescribeInstancesResponse::nextToken)
                .read(api, deadline);
    }

    private static List<Instance> all(DescribeInstancesResponse page) {
        return page.reservations().stream().flatMap(launch -> launch.instances().stream()).toList();
    }
}
