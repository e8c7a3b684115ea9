package dev.spate.local;

import dev.spate.async.Scheduler;
import dev.spate.local.Catalogue.Image;
import dev.spate.local.Catalogue.MachineType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The calls that only read what is on offer.
 *
 * @param catalogue what is on offer
 * @param scheduler for the time of a price
 */
record CatalogueActions(Catalogue catalogue, Scheduler scheduler) {

    void describeImages(Form form, Xml xml) {
        List<String> ids = form.texts("ImageId");
        for (String id : ids) {
            if (catalogue.image(id).isEmpty()) {
                throw ApiException.client(
                        "InvalidAMIID.NotFound", "The image id '[" + id + "]' does not exist");
            }
        }
        List<String> owners =
                form.texts("Owner").stream()
                        .map(owner -> owner.equals("amazon") ? Catalogue.AMAZON : owner)
                        .toList();
        Filters filters = Filters.of(form);
        xml.list(
                "imagesSet",
                catalogue.images().stream()
                        .filter(image -> ids.isEmpty() || ids.contains(image.id()))
                        .filter(image -> owners.isEmpty() || owners.contains(image.owner()))
                        .filter(image -> filters.accept(name -> imageFilter(image, name)))
                        .toList(),
                CatalogueActions::writeImage);
    }

    private static Optional<Collection<String>> imageFilter(Image image, String name) {
        return switch (name) {
            case "name" -> Optional.of(List.of(image.name()));
            case "image-id" -> Optional.of(List.of(image.id()));
            case "owner-id" -> Optional.of(List.of(image.owner()));
            case "architecture" -> Optional.of(List.of(image.architecture()));
            case "state" -> Optional.of(List.of("available"));
            case "root-device-type" -> Optional.of(List.of("ebs"));
            case "virtualization-type" -> Optional.of(List.of("hvm"));
            case "image-type" -> Optional.of(List.of("machine"));
            case "is-public" -> Optional.of(List.of("true"));
            default -> Optional.empty();
        };
    }

    private static void writeImage(Xml xml, Image image) {
        xml.element("imageId", image.id())
                .element("imageLocation", image.owner() + "/" + image.name())
                .element("imageState", "available")
                .element("imageOwnerId", image.owner())
                .element("creationDate", image.created())
                .element("isPublic", true)
                .element("architecture", image.architecture())
                .element("imageType", "machine")
                .element("name", image.name())
                .element("rootDeviceType", "ebs")
                .element("rootDeviceName", "/dev/sda1")
                .list(
                        "blockDeviceMapping",
                        List.of("/dev/sda1"),
                        (item, device) ->
                                item.element("deviceName", device)
                                        .nested(
                                                "ebs",
                                                ebs ->
                                                        ebs.element("volumeSize", 8)
                                                                .element(
                                                                        "deleteOnTermination", true)
                                                                .element("volumeType", "gp3")))
                .element("virtualizationType", "hvm")
                .element("hypervisor", "xen")
                .element("enaSupport", true);
    }

    void describeInstanceTypes(Form form, Xml xml) {
        List<String> names = form.texts("InstanceType");
        List<String> unknown =
                names.stream().filter(name -> catalogue.type(name).isEmpty()).toList();
        if (!unknown.isEmpty()) {
            throw ApiException.client(
                    "InvalidInstanceType",
                    "The following supplied instance types do not exist: " + unknown);
        }
        Filters filters = Filters.of(form);
        xml.list(
                "instanceTypeSet",
                catalogue.types().stream()
                        .filter(type -> names.isEmpty() || names.contains(type.name()))
                        .filter(type -> filters.accept(name -> typeFilter(type, name)))
                        .toList(),
                CatalogueActions::writeType);
    }

    private static Optional<Collection<String>> typeFilter(MachineType type, String name) {
        return switch (name) {
            case "instance-type" -> Optional.of(List.of(type.name()));
            case "processor-info.supported-architecture" ->
                    Optional.of(List.of(type.architecture()));
            case "supported-usage-class" -> Optional.of(List.of("on-demand", "spot"));
            case "current-generation" -> Optional.of(List.of("true"));
            case "vcpu-info.default-vcpus" -> Optional.of(List.of(Integer.toString(type.vcpus())));
            default -> Optional.empty();
        };
    }

    private static void writeType(Xml xml, MachineType type) {
        xml.element("instanceType", type.name())
                .element("currentGeneration", true)
                .texts("supportedUsageClasses", List.of("on-demand", "spot"))
                .texts("supportedRootDeviceTypes", List.of("ebs"))
                .texts("supportedVirtualizationTypes", List.of("hvm"))
                .element("bareMetal", false)
                .element("hypervisor", "nitro")
                .nested(
                        "processorInfo",
                        info -> info.texts("supportedArchitectures", List.of(type.architecture())))
                .nested("vCpuInfo", info -> info.element("defaultVCpus", type.vcpus()))
                .nested("memoryInfo", info -> info.element("sizeInMiB", type.memoryMib()))
                .element("burstablePerformanceSupported", type.name().startsWith("t"));
    }

    void describeInstanceTypeOfferings(Form form, Xml xml) {
        String location = form.text("LocationType").orElse("region");
        List<String> places =
                location.equals("availability-zone")
                        ? catalogue.zones()
                        : List.of(catalogue.region());
        Filters filters = Filters.of(form);
        List<Offer> offers = new ArrayList<>();
        for (String place : places) {
            catalogue.types().stream()
                    .filter(type -> place.equals(catalogue.region()) || type.isOfferedIn(place))
                    .map(type -> new Offer(type, place))
                    .forEach(offers::add);
        }
        xml.list(
                "instanceTypeOfferingSet",
                offers.stream()
                        .filter(offer -> filters.accept(name -> offerFilter(offer, name)))
                        .toList(),
                (item, offer) ->
                        item.element("instanceType", offer.type().name())
                                .element("locationType", location)
                                .element("location", offer.place()));
    }

    private static Optional<Collection<String>> offerFilter(Offer offer, String name) {
        return switch (name) {
            case "instance-type" -> Optional.of(List.of(offer.type().name()));
            case "location", "availability-zone" -> Optional.of(List.of(offer.place()));
            case "product-description" -> Optional.of(List.of("Linux/UNIX"));
            default -> Optional.empty();
        };
    }

    void describeSpotPriceHistory(Form form, Xml xml) {
        List<String> names = form.texts("InstanceType");
        Optional<String> zoneAsked = form.text("AvailabilityZone");
        Filters filters = Filters.of(form);
        List<Offer> offers = new ArrayList<>();
        for (MachineType type : catalogue.types()) {
            catalogue.zones().stream()
                    .filter(type::isOfferedIn)
                    .map(zone -> new Offer(type, zone))
                    .forEach(offers::add);
        }
        xml.list(
                        "spotPriceHistorySet",
                        offers.stream()
                                .filter(
                                        offer ->
                                                names.isEmpty()
                                                        || names.contains(offer.type().name()))
                                .filter(
                                        offer ->
                                                zoneAsked.isEmpty()
                                                        || zoneAsked.get().equals(offer.place()))
                                .filter(offer -> filters.accept(name -> offerFilter(offer, name)))
                                .toList(),
                        (item, offer) ->
                                item.element("instanceType", offer.type().name())
                                        .element("productDescription", "Linux/UNIX")
                                        .element(
                                                "spotPrice",
                                                "%.6f"
                                                        .formatted(
                                                                offer.type()
                                                                        .spotUsdPerHour(
                                                                                offer.place())))
                                        .element("timestamp", scheduler.now())
                                        .element("availabilityZone", offer.place()))
                .element("nextToken", "");
    }

    private record Offer(MachineType type, String place) {}

    void describeRegions(Form form, Xml xml) {
        xml.list(
                "regionInfo",
                List.of(catalogue.region()),
                (item, region) ->
                        item.element("regionName", region)
                                .element("regionEndpoint", "ec2." + region + ".amazonaws.com")
                                .element("optInStatus", "opt-in-not-required"));
    }

    void describeAvailabilityZones(Form form, Xml xml) {
        List<String> names = form.texts("ZoneName");
        xml.list(
                "availabilityZoneInfo",
                catalogue.zones().stream()
                        .filter(zone -> names.isEmpty() || names.contains(zone))
                        .toList(),
                (item, zone) ->
                        item.element("zoneName", zone)
                                .element("zoneId", zone)
                                .element("zoneState", "available")
                                .element("zoneType", "availability-zone")
                                .element("optInStatus", "opt-in-not-required")
                                .element("regionName", catalogue.region())
                                .element("groupName", catalogue.region()));
    }
}
