package dev.spate.ec2;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a name of an image stands for: the newest of the images that an account publishes under such
 * names. The owner is part of it, because anybody may publish an image under any name.
 *
 * <p>A name stands for images of one architecture. Whether that is the architecture of the machine
 * type is left to EC2, which refuses the launch if it is not.
 *
 * @param owner the account that publishes the images; 12 digits
 * @param pattern what their names look like, with {@code *} for any characters
 */
public record ImageName(String owner, String pattern) {

    private static final Pattern OWNER = Pattern.compile("\\d{12}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9()\\[\\] ./'@_*-]{3,128}");

    private static final String CANONICAL = "099720109477";
    private static final String DEBIAN = "136693071363";
    private static final String AMAZON = "137112412989";

    /**
     * The names that need no configuration; those ending in {@code -arm64} are for Graviton
     * machines.
     *
     * @see <a href="https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/">
     *     Canonical's account</a>
     * @see <a href="https://wiki.debian.org/Cloud/AmazonEC2Image">Debian's account</a>
     */
    static final Map<String, ImageName> WELL_KNOWN = wellKnown();

    public ImageName {
        Ec2Settings.requireMatch("owner", owner, OWNER, "an account of 12 digits");
        Ec2Settings.requireMatch("pattern", pattern, NAME, "an image name of 3 to 128 characters");
    }

    /** Whether an image of that name is one of these, if the account published it. */
    boolean matches(String account, String name) {
        return account.equals(owner)
                && Pattern.matches("\\Q" + pattern.replace("*", "\\E.*\\Q") + "\\E", name);
    }

    private static Map<String, ImageName> wellKnown() {
        Map<String, ImageName> names = new TreeMap<>();
        both(names, "ubuntu-24.04", CANONICAL, ubuntu("hvm-ssd-gp3", "noble-24.04"), "amd64");
        both(names, "ubuntu-22.04", CANONICAL, ubuntu("hvm-ssd", "jammy-22.04"), "amd64");
        both(names, "debian-12", DEBIAN, "debian-12-ARCH-2*", "amd64");
        both(names, "debian-13", DEBIAN, "debian-13-ARCH-2*", "amd64");
        both(names, "amazon-linux-2023", AMAZON, "al2023-ami-2023.*-kernel-*-ARCH", "x86_64");
        both(names, "al2023", AMAZON, "al2023-ami-2023.*-kernel-*-ARCH", "x86_64");
        return Map.copyOf(names);
    }

    private static String ubuntu(String storage, String release) {
        return "ubuntu/images/" + storage + "/ubuntu-" + release + "-ARCH-server-2*";
    }

    private static void both(
            Map<String, ImageName> names, String name, String owner, String pattern, String intel) {
        names.put(name, new ImageName(owner, pattern.replace("ARCH", intel)));
        names.put(name + "-arm64", new ImageName(owner, pattern.replace("ARCH", "arm64")));
    }
}
