package dev.spate.ec2;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ec2.model.AuthorizeSecurityGroupIngressResponse;
import software.amazon.awssdk.services.ec2.model.CreateSecurityGroupRequest;
import software.amazon.awssdk.services.ec2.model.CreateSecurityGroupResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.IpRange;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

/**
 * The machines' security groups: the configured ones, or one of the group's own, found or made when
 * it is first needed. Several workers may make it at once: EC2 lets one, and the others find it.
 */
final class SecurityGroups {

    private static final Logger log = LoggerFactory.getLogger(SecurityGroups.class);

    private final Ec2Settings settings;
    private final Ec2Api api;
    private final String name;
    private final Memory<String> ids;

    SecurityGroups(Ec2Settings settings, Ec2Api api, Scheduler scheduler) {
        this.settings = settings;
        this.api = api;
        this.name = "spate-" + settings.group();
        this.ids = new Memory<>(scheduler, Duration.ofDays(1), (_, deadline) -> own(deadline));
    }

    /** Their ids; never empty. */
    Answer<List<String>> ids(Deadline deadline) throws InterruptedException {
        List<String> configured = settings.network().securityGroups();
        if (!configured.isEmpty()) {
            return Answer.ok(configured);
        }
        return ids.get(Set.of(name), deadline).map(found -> List.copyOf(found.values()));
    }

    /** Somebody deleted the group's own: look for it, or make it, next time. */
    void forget() {
        ids.forget(Set.of(name));
    }

    private Answer<Map<String, String>> own(Deadline deadline) throws InterruptedException {
        return switch (find(deadline)) {
            case Answer.Failed<List<SecurityGroup>> failed -> failed.as();
            case Answer.Ok<List<SecurityGroup>>(List<SecurityGroup> found) ->
                    switch (found.size()) {
                        case 0 -> make(deadline);
                        case 1 -> complete(found.getFirst(), deadline);
                        default -> ambiguous();
                    };
        };
    }

    /** Only what carries the group's tag, in the VPC machines go to: others' may have its name. */
    private Answer<List<SecurityGroup>> find(Deadline deadline) throws InterruptedException {
        DescribeSecurityGroupsRequest request = wanted();
        Reply<DescribeSecurityGroupsResponse> reply =
                api.call(
                        Ec2Action.DESCRIBE_SECURITY_GROUPS,
                        deadline,
                        client -> client.describeSecurityGroups(request));
        return reply instanceof Reply.Refused<DescribeSecurityGroupsResponse>(Ec2Error error)
                        && Ec2Failures.NO_GROUP.contains(error.code())
                ? Answer.ok(List.of())
                : reply.map(DescribeSecurityGroupsResponse::securityGroups);
    }

    private DescribeSecurityGroupsRequest wanted() {
        Filter ours = Instances.filter("tag:" + Tags.GROUP, List.of(settings.group()));
        var request = DescribeSecurityGroupsRequest.builder();
        Optional<String> vpc = settings.network().vpc();
        if (vpc.isEmpty()) {
            // EC2 looks for names given in this way in the default VPC alone.
            return request.groupNames(name).filters(ours).build();
        }
        return request.filters(
                        ours,
                        Instances.filter("group-name", List.of(name)),
                        Instances.filter("vpc-id", List.of(vpc.get())))
                .build();
    }

    private Answer<Map<String, String>> make(Deadline deadline) throws InterruptedException {
        var request =
                CreateSecurityGroupRequest.builder()
                        .groupName(name)
                        .description("SSH to the machines of the Spate group " + settings.group())
                        .tagSpecifications(
                                Tags.on(
                                        ResourceType.SECURITY_GROUP,
                                        Map.of(Tags.GROUP, settings.group(), Tags.NAME, name)));
        settings.network().vpc().ifPresent(request::vpcId);
        Reply<CreateSecurityGroupResponse> reply =
                api.call(
                        Ec2Action.CREATE_SECURITY_GROUP,
                        deadline,
                        client -> client.createSecurityGroup(request.build()));
        return switch (reply) {
            case Reply.Ok<CreateSecurityGroupResponse>(CreateSecurityGroupResponse made) -> {
                log.info("Made the security group {} ({})", name, made.groupId());
                yield open(made.groupId(), deadline);
            }
            case Reply.Refused<CreateSecurityGroupResponse> refused
                    when refused.error().code().equals(Ec2Failures.DUPLICATE_GROUP) ->
                    found(deadline);
            case Reply.Refused<CreateSecurityGroupResponse> refused -> refused.answer();
        };
    }

    /** Another worker was quicker; or this one was, and the answer got lost. */
    private Answer<Map<String, String>> found(Deadline deadline) throws InterruptedException {
        return switch (find(deadline)) {
            case Answer.Failed<List<SecurityGroup>> failed -> failed.as();
            case Answer.Ok<List<SecurityGroup>>(List<SecurityGroup> found) when found.size() == 1 ->
                    complete(found.getFirst(), deadline);
            case Answer.Ok<List<SecurityGroup>> _ -> ambiguous();
        };
    }

    /** Leaves rules that are there alone: an operator may have changed them on purpose. */
    private Answer<Map<String, String>> complete(SecurityGroup group, Deadline deadline)
            throws InterruptedException {
        return group.ipPermissions().isEmpty()
                ? open(group.groupId(), deadline)
                : Answer.ok(Map.of(name, group.groupId()));
    }

    private Answer<Map<String, String>> open(String id, Deadline deadline)
            throws InterruptedException {
        List<IpRange> ranges =
                settings.network().sshFrom().stream()
                        .map(cidr -> IpRange.builder().cidrIp(cidr).build())
                        .toList();
        int port = settings.network().sshPort();
        IpPermission ssh =
                IpPermission.builder()
                        .ipProtocol("tcp")
                        .fromPort(port)
                        .toPort(port)
                        .ipRanges(ranges)
                        .build();
        Reply<AuthorizeSecurityGroupIngressResponse> reply =
                api.call(
                        Ec2Action.AUTHORIZE_SECURITY_GROUP_INGRESS,
                        deadline,
                        client ->
                                client.authorizeSecurityGroupIngress(
                                        request -> request.groupId(id).ipPermissions(ssh)));
        return switch (reply) {
            case Reply.Refused<AuthorizeSecurityGroupIngressResponse> refused
                    when !refused.error().code().equals(Ec2Failures.DUPLICATE_RULE) ->
                    refused.answer();
            case Reply.Ok<AuthorizeSecurityGroupIngressResponse> _,
                    Reply.Refused<AuthorizeSecurityGroupIngressResponse> _ ->
                    Answer.ok(Map.of(name, id));
        };
    }

    private <T> Answer<T> ambiguous() {
        return Answer.failed(
                Failure.Kind.INFRASTRUCTURE,
                "security group "
                        + name
                        + ": expected one with the tag "
                        + Tags.GROUP
                        + "="
                        + settings.group()
                        + ", found none or several; set securityGroups");
    }
}
