package dev.spate.local;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The account's network: one default VPC with a subnet per zone, and security groups. Nothing is
 * really filtered: every machine can be reached from this host and from nowhere else. Thread-safe.
 */
final class Network {
    private static final String ACCOUNT = "000000000000";

    private final Chance chance = new Chance(0);
    private final Catalogue catalogue;
    private final Map<String, Group> groups = new LinkedHashMap<>();

    Network(Catalogue catalogue) {
        this.catalogue = catalogue;
        Group group = new Group(defaultGroupId(), "default", "default VPC security group");
        groups.put(group.id, group);
    }

    private static final class Group {
        final String id;
        final String name;
        final String description;
        final List<Form> permissions = new ArrayList<>();
        final Map<String, String> tags = new TreeMap<>();

        Group(String id, String name, String description) {
            this.id = id;
            this.name = name;
            this.description = description;
        }
    }

    static String account() {
        return ACCOUNT;
    }

    String vpcId() {
        return chance.id("vpc", catalogue.region());
    }

    String subnetId(String zone) {
        return chance.id("subnet", zone);
    }

    String defaultGroupId() {
        return chance.id("sg", catalogue.region() + "/default");
    }

    String zoneOf(String subnetId) {
        return catalogue.zones().stream()
                .filter(zone -> subnetId(zone).equals(subnetId))
                .findFirst()
                .orElseThrow(
                        () ->
                                ApiException.client(
                                        "InvalidSubnetID.NotFound",
                                        "The subnet ID '" + subnetId + "' does not exist"));
    }

    synchronized void requireGroup(String id) {
        group(id);
    }

    private Group group(String id) {
        Group group = groups.get(id);
        if (group == null) {
            throw ApiException.client(
                    "InvalidGroup.NotFound", "The security group '" + id + "' does not exist");
        }
        return group;
    }

    synchronized void createGroup(Form form, Xml xml) {
        String name = form.required("GroupName");
        String description = form.required("GroupDescription");
        if (groups.values().stream().anyMatch(group -> group.name.equals(name))) {
            throw ApiException.client(
                    "InvalidGroup.Duplicate",
                    "The security group '%s' already exists for VPC '%s'".formatted(name, vpcId()));
        }
        Group group =
                new Group(chance.id("sg", catalogue.region() + "/" + name), name, description);
        form.items("TagSpecification")
                .forEach(specification -> group.tags.putAll(LaunchRequest.tags(specification)));
        groups.put(group.id, group);
        xml.element("return", true).element("groupId", group.id);
        tags(xml, group.tags);
    }

    synchronized void authorizeIngress(Form form, Xml xml) {
        Optional<String> id = form.text("GroupId");
        Group group =
                id.isPresent()
                        ? group(id.get())
                        : groups.values().stream()
                                .filter(one -> one.name.equals(form.required("GroupName")))
                                .findFirst()
                                .orElseThrow(
                                        () ->
                                                ApiException.client(
                                                        "InvalidGroup.NotFound",
                                                        "The security group does not exist"));
        for (Form permission : form.items("IpPermissions")) {
            if (group.permissions.contains(permission)) {
                throw ApiException.client(
                        "InvalidPermission.Duplicate",
                        "the specified rule \"" + permission.values() + "\" already exists");
            }
            group.permissions.add(permission);
        }
        xml.element("return", true).list("securityGroupRuleSet", List.<String>of(), (_, _) -> {});
    }

    synchronized void describeGroups(Form form, Xml xml) {
        List<String> ids = form.texts("GroupId");
        List<String> names = form.texts("GroupName");
        ids.forEach(this::group);
        Filters filters = Filters.of(form);
        List<Group> found =
                groups.values().stream()
                        .filter(group -> ids.isEmpty() || ids.contains(group.id))
                        .filter(group -> names.isEmpty() || names.contains(group.name))
                        .filter(group -> filters.accept(name -> groupFilter(group, name)))
                        .toList();
        if (!names.isEmpty() && found.isEmpty()) {
            throw ApiException.client(
                    "InvalidGroup.NotFound",
                    "The security group '" + names.getFirst() + "' does not exist");
        }
        xml.list("securityGroupInfo", found, this::writeGroup);
    }

    private Optional<Collection<String>> groupFilter(Group group, String name) {
        return switch (name) {
            case "group-name" -> Optional.of(List.of(group.name));
            case "group-id" -> Optional.of(List.of(group.id));
            case "vpc-id" -> Optional.of(List.of(vpcId()));
            case "description" -> Optional.of(List.of(group.description));
            default -> tagFilter(group.tags, name);
        };
    }

    /** {@code tag:KEY} and {@code tag-key}. */
    static Optional<Collection<String>> tagFilter(Map<String, String> tags, String name) {
        if (name.startsWith("tag:")) {
            String value = tags.get(name.substring("tag:".length()));
            return Optional.of(value == null ? List.of() : List.of(value));
        }
        return name.equals("tag-key") ? Optional.of(tags.keySet()) : Optional.empty();
    }

    private void writeGroup(Xml xml, Group group) {
        xml.element("ownerId", ACCOUNT)
                .element("groupId", group.id)
                .element("groupName", group.name)
                .element("groupDescription", group.description)
                .element("vpcId", vpcId())
                .list(
                        "ipPermissions",
                        group.permissions,
                        (item, permission) -> {
                            item.element("ipProtocol", permission.text("IpProtocol").orElse("-1"));
                            permission
                                    .text("FromPort")
                                    .ifPresent(port -> item.element("fromPort", port));
                            permission
                                    .text("ToPort")
                                    .ifPresent(port -> item.element("toPort", port));
                            item.list(
                                    "ipRanges",
                                    permission.items("IpRanges"),
                                    (range, form) ->
                                            range.element(
                                                    "cidrIp", form.text("CidrIp").orElse("")));
                        });
        tags(xml, group.tags);
    }

    static void tags(Xml xml, Map<String, String> tags) {
        xml.list(
                "tagSet",
                tags.entrySet(),
                (item, tag) -> item.element("key", tag.getKey()).element("value", tag.getValue()));
    }

    void describeVpcs(Form form, Xml xml) {
        Filters filters = Filters.of(form);
        boolean isFound =
                filters.accept(
                        name ->
                                switch (name) {
                                    case "is-default", "isDefault" -> Optional.of(List.of("true"));
                                    case "vpc-id" -> Optional.of(List.of(vpcId()));
                                    case "state" -> Optional.of(List.of("available"));
                                    default -> tagFilter(Map.of(), name);
                                });
        xml.list(
                "vpcSet",
                isFound ? List.of(vpcId()) : List.<String>of(),
                (item, id) ->
                        item.element("vpcId", id)
                                .element("ownerId", ACCOUNT)
                                .element("state", "available")
                                .element("cidrBlock", "127.0.0.0/8")
                                .element("isDefault", true));
    }

    void describeSubnets(Form form, Xml xml) {
        List<String> ids = form.texts("SubnetId");
        ids.forEach(this::zoneOf);
        Filters filters = Filters.of(form);
        xml.list(
                "subnetSet",
                catalogue.zones().stream()
                        .filter(zone -> ids.isEmpty() || ids.contains(subnetId(zone)))
                        .filter(zone -> filters.accept(name -> subnetFilter(zone, name)))
                        .toList(),
                (item, zone) ->
                        item.element("subnetId", subnetId(zone))
                                .element("state", "available")
                                .element("ownerId", ACCOUNT)
                                .element("vpcId", vpcId())
                                .element("cidrBlock", "127.0.0.0/8")
                                .element("availableIpAddressCount", 60_000)
                                .element("availabilityZone", zone)
                                .element("defaultForAz", true)
                                .element("mapPublicIpOnLaunch", true));
    }

    private Optional<Collection<String>> subnetFilter(String zone, String name) {
        return switch (name) {
            case "availability-zone", "availabilityZone" -> Optional.of(List.of(zone));
            case "vpc-id" -> Optional.of(List.of(vpcId()));
            case "subnet-id" -> Optional.of(List.of(subnetId(zone)));
            case "default-for-az", "defaultForAz" -> Optional.of(List.of("true"));
            case "state" -> Optional.of(List.of("available"));
            default -> tagFilter(Map.of(), name);
        };
    }
}
