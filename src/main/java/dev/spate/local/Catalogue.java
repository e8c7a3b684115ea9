package dev.spate.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the cloud has on offer: images, machine types, zones and prices. The owners are the real
 * ones, so that what finds an image here finds it on EC2.
 *
 * @param region its name
 * @param images all that can be launched
 * @param types all that can be launched
 */
record Catalogue(String region, List<Image> images, List<MachineType> types) {
    static final String CANONICAL = "099720109477";
    static final String DEBIAN = "136693071363";
    static final String AMAZON = "137112412989";

    /** Publishes an image under Canonical's name: whoever does not ask for the owner gets it. */
    static final String STRANGER = "666666666666";

    /**
     * A machine image.
     *
     * @param login the user it creates when user data does not say otherwise
     * @param created as EC2 writes it
     */
    record Image(
            String id,
            String owner,
            String name,
            String architecture,
            String created,
            String login) {}

    /**
     * A machine type.
     *
     * @param onDemandUsdPerHour made up, but in about the real proportions
     */
    record MachineType(
            String name, int vcpus, int memoryMib, String architecture, double onDemandUsdPerHour) {

        boolean isOfferedIn(String zone) {
            // EC2 has no zone with everything: here the third has no Graviton machines.
            return !(architecture.equals("arm64") && zone.endsWith("c"));
        }

        /** The same for a type and zone at all times: about a third of the on-demand price. */
        double spotUsdPerHour(String zone) {
            double share = 0.3 + 0.02 * (zone.charAt(zone.length() - 1) - 'a');
            return Math.round(onDemandUsdPerHour * share * 10_000) / 10_000.0;
        }
    }

    static Catalogue of(String region) {
        return new Catalogue(region, imagesOnOffer(), typesOnOffer());
    }

    Optional<Image> image(String id) {
        return images.stream().filter(image -> image.id().equals(id)).findFirst();
    }

    Optional<MachineType> type(String name) {
        return types.stream().filter(type -> type.name().equals(name)).findFirst();
    }

    List<String> zones() {
        return List.of(region + "a", region + "b", region + "c");
    }

    private static List<Image> imagesOnOffer() {
        List<Image> images = new ArrayList<>();
        for (String day : List.of("20260212", "20260915", "20261104")) {
            ubuntu(images, "24.04", "noble", "hvm-ssd-gp3", day);
            ubuntu(images, "22.04", "jammy", "hvm-ssd", day);
            for (String version : List.of("12", "13")) {
                add(images, DEBIAN, "debian-" + version + "-amd64-" + day + "-2200", day);
                add(images, DEBIAN, "debian-" + version + "-arm64-" + day + "-2200", day);
            }
            String amazon = "al2023-ami-2023.9." + day + ".0-kernel-6.1-";
            add(images, AMAZON, amazon + "x86_64", day);
            add(images, AMAZON, amazon + "arm64", day);
        }
        add(
                images,
                STRANGER,
                "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20261120",
                "20261120");
        return List.copyOf(images);
    }

    private static void ubuntu(
            List<Image> images, String version, String name, String storage, String day) {
        String before = "ubuntu/images/" + storage + "/ubuntu-" + name + "-" + version + "-";
        add(images, CANONICAL, before + "amd64-server-" + day, day);
        add(images, CANONICAL, before + "arm64-server-" + day, day);
    }

    private static void add(List<Image> images, String owner, String name, String day) {
        String created =
                day.substring(0, 4)
                        + "-"
                        + day.substring(4, 6)
                        + "-"
                        + day.substring(6)
                        + "T06:30:11.000Z";
        String login =
                switch (owner) {
                    case DEBIAN -> "admin";
                    case AMAZON -> "ec2-user";
                    default -> "ubuntu";
                };
        // Of the name alone: an image keeps its id whatever the seed.
        String id = new Chance(0).id("ami", owner + "/" + name);
        String architecture = name.contains("arm64") ? "arm64" : "x86_64";
        images.add(new Image(id, owner, name, architecture, created, login));
    }

    private static List<MachineType> typesOnOffer() {
        List<MachineType> types = new ArrayList<>();
        types.add(new MachineType("t3.micro", 2, 1024, "x86_64", 0.0114));
        types.add(new MachineType("t3.small", 2, 2048, "x86_64", 0.0228));
        types.add(new MachineType("t3.medium", 2, 4096, "x86_64", 0.0456));
        types.add(new MachineType("t3.large", 2, 8192, "x86_64", 0.0912));
        family(types, "c6i", 2048, "x86_64", 0.0478);
        family(types, "c7i", 2048, "x86_64", 0.0502);
        family(types, "c7g", 2048, "arm64", 0.0410);
        family(types, "m6i", 4096, "x86_64", 0.0536);
        family(types, "m7i", 4096, "x86_64", 0.0562);
        family(types, "r7i", 8192, "x86_64", 0.0739);
        return List.copyOf(types);
    }

    private static void family(
            List<MachineType> types, String name, int mibPerVcpu, String architecture, double usd) {
        for (int doubled = 0; doubled < 5; doubled++) {
            int vcpus = 2 << doubled;
            String size = doubled == 0 ? "large" : doubled == 1 ? "xlarge" : vcpus / 4 + "xlarge";
            types.add(
                    new MachineType(
                            name + "." + size.toLowerCase(Locale.ROOT),
                            vcpus,
                            vcpus * mibPerVcpu,
                            architecture,
                            usd * vcpus));
        }
        if (architecture.equals("arm64")) {
            types.add(new MachineType(name + ".medium", 1, mibPerVcpu, architecture, usd));
        }
    }
}
