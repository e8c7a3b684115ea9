package dev.spate.local;

import dev.spate.local.Catalogue.Image;
import dev.spate.local.Catalogue.MachineType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A valid {@code RunInstances} call.
 *
 * @param parameters as sent, for comparing with another call under the same token
 * @param zone where, if the call says so
 * @param token the client token; empty if the call has none
 * @param userData base64, as sent
 * @param isTerminatedOnShutdown whether a shutdown from inside ends it, rather than stops it
 */
record LaunchRequest(
        Form parameters,
        Image image,
        MachineType type,
        boolean isSpot,
        Optional<String> zone,
        List<String> groupIds,
        int countMin,
        int countMax,
        String token,
        Optional<String> userData,
        boolean isTerminatedOnShutdown,
        Map<String, String> instanceTags,
        Map<String, String> volumeTags) {

    private static final Pattern IMAGE_ID = Pattern.compile("ami-([0-9a-f]{8}|[0-9a-f]{17})");

    /** EC2's limit for the decoded user data. */
    private static final int USER_DATA_BYTES_MAX = 16_384;

    static LaunchRequest parse(Form form, Catalogue catalogue, Network network) {
        Image image = image(form.required("ImageId"), catalogue);
        String typeName = form.required("InstanceType");
        MachineType type =
                catalogue
                        .type(typeName)
                        .orElseThrow(
                                () ->
                                        ApiException.client(
                                                "InvalidParameterValue",
                                                "Invalid value '"
                                                        + typeName
                                                        + "' for InstanceType."));
        if (!type.architecture().equals(image.architecture())) {
            throw ApiException.client(
                    "InvalidParameterValue",
                    "The architecture '%s' of the specified instance type does not match the architecture '%s' of the specified AMI."
                            .formatted(type.architecture(), image.architecture()));
        }
        int countMin = form.number("MinCount", 1);
        int countMax = form.number("MaxCount", 1);
        if (countMin < 1 || countMax < countMin || countMax > 1_000) {
            throw ApiException.client(
                    "InvalidParameterValue",
                    "MinCount " + countMin + " and MaxCount " + countMax + " are not valid.");
        }
        String token = form.text("ClientToken").orElse("");
        if (token.length() > 64) {
            throw ApiException.client("InvalidParameterValue", "The client token is too long.");
        }
        return new LaunchRequest(
                form.without("ClientToken", "DryRun"),
                image,
                type,
                isSpot(form),
                zone(form, catalogue, network),
                groups(form, network),
                countMin,
                countMax,
                token,
                userData(form),
                form.text("InstanceInitiatedShutdownBehavior").orElse("stop").equals("terminate"),
                tags(form, "instance"),
                tags(form, "volume"));
    }

    String market() {
        return isSpot ? "spot" : "on-demand";
    }

    private static Image image(String id, Catalogue catalogue) {
        if (!IMAGE_ID.matcher(id).matches()) {
            throw ApiException.client("InvalidAMIID.Malformed", "Invalid id: \"" + id + "\"");
        }
        return catalogue
                .image(id)
                .orElseThrow(
                        () ->
                                ApiException.client(
                                        "InvalidAMIID.NotFound",
                                        "The image id '[" + id + "]' does not exist"));
    }

    private static boolean isSpot(Form form) {
        Optional<String> market = form.text("InstanceMarketOptions.MarketType");
        if (market.isPresent() && !market.get().equals("spot")) {
            throw ApiException.invalid("InstanceMarketOptions.MarketType", market.get());
        }
        return market.isPresent();
    }

    private static Optional<String> zone(Form form, Catalogue catalogue, Network network) {
        Optional<String> subnet =
                form.text("SubnetId").or(() -> form.text("NetworkInterface.1.SubnetId"));
        if (subnet.isPresent()) {
            return Optional.of(network.zoneOf(subnet.get()));
        }
        Optional<String> zone = form.text("Placement.AvailabilityZone");
        if (zone.isPresent() && !catalogue.zones().contains(zone.get())) {
            throw ApiException.client(
                    "InvalidParameterValue", "Invalid availability zone: [" + zone.get() + "]");
        }
        return zone;
    }

    private static List<String> groups(Form form, Network network) {
        List<String> ids = form.texts("SecurityGroupId");
        if (ids.isEmpty()) {
            ids = form.texts("NetworkInterface.1.SecurityGroupId");
        }
        if (ids.isEmpty()) {
            ids = List.of(network.defaultGroupId());
        }
        ids.forEach(network::requireGroup);
        return List.copyOf(ids);
    }

    private static Optional<String> userData(Form form) {
        Optional<String> userData = form.text("UserData");
        if (userData.isPresent() && userData.get().length() / 4 * 3 > USER_DATA_BYTES_MAX + 2) {
            throw ApiException.client(
                    "InvalidParameterValue", "User data is limited to 16384 bytes");
        }
        return userData;
    }

    private static Map<String, String> tags(Form form, String resource) {
        Map<String, String> tags = new TreeMap<>();
        for (Form specification : form.items("TagSpecification")) {
            if (specification.text("ResourceType").orElse("").equals(resource)) {
                tags.putAll(tags(specification));
            }
        }
        return tags;
    }

    /** The tags {@code Tag.1.Key}, {@code Tag.1.Value}, … of a call or a part of it. */
    static Map<String, String> tags(Form form) {
        Map<String, String> tags = new TreeMap<>();
        for (Form tag : form.items("Tag")) {
            String key = tag.required("Key");
            if (key.startsWith("aws:") || key.length() > 128) {
                throw ApiException.client("InvalidParameterValue", "Tag key not allowed: " + key);
            }
            tags.put(key, tag.text("Value").orElse(""));
        }
        if (tags.size() > 50) {
            throw ApiException.client("TagLimitExceeded", "More than 50 tags.");
        }
        return tags;
    }
}
