package dev.spate.local;

import dev.spate.local.Instance.Change;
import dev.spate.local.Instance.Reason;
import java.util.List;

/** An instance in EC2's XML. */
final class InstanceXml {
    private InstanceXml() {}

    static void state(Xml xml, InstanceState state) {
        xml.element("code", state.code()).element("name", state.text());
    }

    /**
     * Writes all but the surrounding {@code item}.
     *
     * @param change the state to show, which may be an earlier one
     */
    static void write(Xml xml, Instance instance, Change change, Network network) {
        LaunchRequest launch = instance.launch();
        String address = instance.address().getHostAddress();
        xml.element("instanceId", instance.id())
                .element("imageId", launch.image().id())
                .nested("instanceState", state -> state(state, change.state()))
                .element("amiLaunchIndex", instance.launchIndex())
                .element("instanceType", launch.type().name())
                .element("launchTime", instance.launchTime())
                .nested(
                        "placement",
                        placement ->
                                placement
                                        .element("availabilityZone", instance.zone())
                                        .element("groupName", "")
                                        .element("tenancy", "default"))
                .nested("monitoring", monitoring -> monitoring.element("state", "disabled"))
                .element("architecture", launch.type().architecture())
                .element("rootDeviceType", "ebs")
                .element("rootDeviceName", "/dev/sda1")
                .element("virtualizationType", "hvm")
                .element("hypervisor", "xen")
                .element("ebsOptimized", false)
                .element("clientToken", launch.token());
        if (launch.isSpot()) {
            xml.element("instanceLifecycle", "spot")
                    .element("spotInstanceRequestId", "sir-" + instance.id().substring(11));
        }
        Reason reason = change.reason();
        if (reason != null) {
            xml.element("reason", reason.message())
                    .nested(
                            "stateReason",
                            why ->
                                    why.element("code", reason.code())
                                            .element("message", reason.message()));
        }
        // EC2 shows no addresses and no network of what is terminated.
        if (change.state() != InstanceState.TERMINATED) {
            xml.element("privateDnsName", address)
                    .element("dnsName", address)
                    .element("privateIpAddress", address)
                    .element("ipAddress", address)
                    .element("subnetId", network.subnetId(instance.zone()))
                    .element("vpcId", network.vpcId())
                    .list("groupSet", launch.groupIds(), (item, id) -> item.element("groupId", id))
                    .list("blockDeviceMapping", List.of(instance.volumeId()), InstanceXml::volume);
        }
        Network.tags(xml, instance.tags());
    }

    private static void volume(Xml xml, String id) {
        xml.element("deviceName", "/dev/sda1")
                .nested(
                        "ebs",
                        ebs ->
                                ebs.element("volumeId", id)
                                        .element("status", "attached")
                                        .element("deleteOnTermination", true));
    }
}
