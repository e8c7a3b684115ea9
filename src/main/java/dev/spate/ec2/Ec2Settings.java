package dev.spate.ec2;

import dev.spate.job.Durations;
import dev.spate.job.Text;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What can be set about EC2. Workers of one group must have equal settings, or they cannot repeat
 * each other's launches.
 *
 * @param group the group's name, in tags and in the name of the security group; 1 to 100 letters,
 *     digits, {@code .}, {@code _} and {@code -}
 * @param endpoint where EC2 is
 * @param network where machines are in it, and how they are reached
 * @param instanceProfile name or ARN of the IAM instance profile that every machine gets; empty, as
 *     it should be, gives jobs no AWS credentials
 * @param rates how often an action may be called, where that is not {@link Ec2Action#defaultRate()}
 * @param callTimeout how long one HTTP call may take, from sending it to the end of the answer; 1 s
 *     to 5 min
 * @param triesMax how often a call is made in all if EC2 does not answer or asks to slow down; 1 to
 *     20
 * @param onDemandUsdPerHour list prices by machine type; EC2's API does not tell them
 * @param images images by names of one's own, beside the well-known ones
 * @param tags put on every machine and volume beside Spate's own; at most 20, no key starting with
 *     {@code spate:} or {@code aws:}
 */
public record Ec2Settings(
        String group,
        Endpoint endpoint,
        Network network,
        Optional<String> instanceProfile,
        Map<Ec2Action, Rate> rates,
        Duration callTimeout,
        int triesMax,
        Map<String, BigDecimal> onDemandUsdPerHour,
        Map<String, ImageName> images,
        Map<String, String> tags) {

    private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Duration CALL_TIMEOUT_MIN = Duration.ofSeconds(1);
    private static final Duration CALL_TIMEOUT_MAX = Duration.ofMinutes(5);
    private static final int TRIES_MAX = 20;
    private static final int TAGS_MAX = 20;

    public Ec2Settings {
        rates = Map.copyOf(rates);
        onDemandUsdPerHour = Map.copyOf(onDemandUsdPerHour);
        images = Map.copyOf(images);
        tags = Map.copyOf(tags);
        requireMatch("group", group, GROUP, "1 to 100 letters, digits, '.', '_' and '-'");
        if (callTimeout.compareTo(CALL_TIMEOUT_MIN) < 0
                || callTimeout.compareTo(CALL_TIMEOUT_MAX) > 0) {
            throw new IllegalArgumentException(
                    "callTimeout: expected "
                            + Durations.format(CALL_TIMEOUT_MIN)
                            + " to "
                            + Durations.format(CALL_TIMEOUT_MAX)
                            + ", found "
                            + Durations.format(callTimeout));
        }
        if (triesMax < 1 || triesMax > TRIES_MAX) {
            throw new IllegalArgumentException(
                    "triesMax: expected 1 to " + TRIES_MAX + ", found " + triesMax);
        }
        onDemandUsdPerHour.forEach(Ec2Settings::requirePrice);
        requireTags(tags);
    }

    /** The group's settings where nothing is set: AWS's own endpoint, the default VPC. */
    public static Ec2Settings of(String group) {
        return new Ec2Settings(
                group,
                Endpoint.AWS,
                Network.DEFAULT,
                Optional.empty(),
                Map.of(),
                Duration.ofSeconds(20),
                5,
                Map.of(),
                Map.of(),
                Map.of());
    }

    /** The same at another endpoint. */
    public Ec2Settings with(Endpoint other) {
        return new Ec2Settings(
                group,
                other,
                network,
                instanceProfile,
                rates,
                callTimeout,
                triesMax,
                onDemandUsdPerHour,
                images,
                tags);
    }

    /** The same in another network. */
    public Ec2Settings with(Network other) {
        return new Ec2Settings(
                group,
                endpoint,
                other,
                instanceProfile,
                rates,
                callTimeout,
                triesMax,
                onDemandUsdPerHour,
                images,
                tags);
    }

    /** The same with another number of tries. */
    public Ec2Settings withTriesMax(int other) {
        return new Ec2Settings(
                group,
                endpoint,
                network,
                instanceProfile,
                rates,
                callTimeout,
                other,
                onDemandUsdPerHour,
                images,
                tags);
    }

    /** How often the action may be called. */
    Rate rate(Ec2Action action) {
        return rates.getOrDefault(action, action.defaultRate());
    }

    /**
     * Where EC2 is, and who calls.
     *
     * @param override an {@code http} or {@code https} address instead of AWS's own
     * @param region the region's name; empty leaves it to the SDK: {@code AWS_REGION}, the profile,
     *     or the instance the worker runs on
     * @param access how calls are signed; {@link Access#SIMULATED} only with an {@code override}
     */
    public record Endpoint(Optional<URI> override, Optional<String> region, Access access) {

        /** AWS itself, as the SDK finds it. */
        public static final Endpoint AWS =
                new Endpoint(Optional.empty(), Optional.empty(), Access.AWS);

        private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");

        public Endpoint {
            region.ifPresent(
                    name -> requireMatch("region", name, REGION, "a region such as eu-west-1"));
            override.ifPresent(Endpoint::requireHttp);
            if (access == Access.SIMULATED && override.isEmpty()) {
                throw new IllegalArgumentException(
                        "access: expected an endpoint beside SIMULATED, found none");
            }
        }

        /** A simulated cloud. */
        public static Endpoint simulated(URI uri, String region) {
            return new Endpoint(Optional.of(uri), Optional.of(region), Access.SIMULATED);
        }

        private static void requireHttp(URI uri) {
            String scheme = uri.getScheme();
            boolean isHttp = "http".equals(scheme) || "https".equals(scheme);
            if (!isHttp || uri.getHost() == null) {
                throw new IllegalArgumentException(
                        "endpoint: expected an http or https address, found "
                                + Text.quoted(uri.toString()));
            }
        }
    }

    /** How calls are signed. */
    public enum Access {
        /** With the credentials the SDK finds: environment, profile, container, instance role. */
        AWS,
        /** With made-up ones: a simulated cloud takes any. */
        SIMULATED
    }

    /**
     * Where machines are, and how they are reached.
     *
     * @param address which of a machine's addresses is used
     * @param vpc the network; empty means the region's default one. Needs {@code subnets}
     * @param subnets one for each zone that may be used, by zone; none leaves the choice to EC2
     * @param securityGroups ids of the machines' security groups; none means one of the group's
     *     own, {@code spate-<group>}, found, or made when the first machine is launched
     * @param sshFrom the networks that may reach a machine's SSH port, in CIDR notation; goes into
     *     the security group when it is made. With public addresses, and a group of its own, at
     *     least one of them must be public
     * @param sshPort where machines listen for SSH; 1 to 65535
     */
    public record Network(
            Address address,
            Optional<String> vpc,
            Map<String, String> subnets,
            List<String> securityGroups,
            List<String> sshFrom,
            int sshPort) {

        private static final Pattern VPC = Pattern.compile("vpc-[0-9a-f]{8,17}");
        private static final Pattern ZONE = Pattern.compile("[a-z0-9-]{1,40}");
        private static final Pattern SUBNET = Pattern.compile("subnet-[0-9a-f]{8,17}");
        private static final Pattern SECURITY_GROUP = Pattern.compile("sg-[0-9a-f]{8,17}");
        private static final Pattern CIDR =
                Pattern.compile("(\\d{1,3}\\.){3}\\d{1,3}/([0-9]|[12][0-9]|3[0-2])");

        /** The private networks of RFC 1918, and parts of them. */
        private static final Pattern PRIVATE =
                Pattern.compile("10\\.|192\\.168\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.");

        private static final int SECURITY_GROUPS_MAX = 5;
        private static final int SSH_FROM_MAX = 20;
        private static final int PORT_MAX = 65_535;

        // Last, because its constructor needs the patterns.
        /** Private addresses in the default VPC, reached from private networks only. */
        public static final Network DEFAULT =
                new Network(
                        Address.PRIVATE,
                        Optional.empty(),
                        Map.of(),
                        List.of(),
                        List.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
                        22);

        public Network {
            subnets = Map.copyOf(subnets);
            securityGroups = List.copyOf(securityGroups);
            sshFrom = List.copyOf(sshFrom);
            vpc.ifPresent(id -> requireMatch("vpc", id, VPC, "a VPC's id"));
            subnets.forEach(
                    (zone, subnet) -> {
                        requireMatch("subnets", zone, ZONE, "a zone such as eu-west-1a");
                        requireMatch("subnets." + zone, subnet, SUBNET, "a subnet's id");
                    });
            securityGroups.forEach(
                    id -> requireMatch("securityGroups", id, SECURITY_GROUP, "an id"));
            sshFrom.forEach(
                    cidr -> requireMatch("sshFrom", cidr, CIDR, "a network such as 10.0.0.0/8"));
            requireAtMost("securityGroups", securityGroups.size(), SECURITY_GROUPS_MAX);
            requireAtMost("sshFrom", sshFrom.size(), SSH_FROM_MAX);
            if (sshPort < 1 || sshPort > PORT_MAX) {
                throw new IllegalArgumentException(
                        "sshPort: expected 1 to " + PORT_MAX + ", found " + sshPort);
            }
            if (!subnets.isEmpty() && vpc.isEmpty() && securityGroups.isEmpty()) {
                // A group made in the default VPC cannot guard a machine in another.
                throw new IllegalArgumentException(
                        "subnets: expected vpc or securityGroups beside them, found neither");
            }
            if (vpc.isPresent() && subnets.isEmpty()) {
                // Without a subnet EC2 puts machines into the default VPC, whatever the group's.
                throw new IllegalArgumentException(
                        "vpc: expected subnets beside it, found none; set one for each zone that"
                                + " may be used");
            }
            if (securityGroups.isEmpty()) {
                requireWayIn(address, sshFrom);
            }
        }

        /** Whether the security group that is going to be made lets the worker in. */
        private static void requireWayIn(Address address, List<String> sshFrom) {
            if (sshFrom.isEmpty()) {
                throw new IllegalArgumentException(
                        "sshFrom: expected at least one network, for there is no security group");
            }
            if (address == Address.PUBLIC && sshFrom.stream().allMatch(Network::isPrivate)) {
                throw new IllegalArgumentException(
                        "sshFrom: expected a public network beside address PUBLIC, found "
                                + String.join(", ", sshFrom)
                                + "; set the network the worker calls from, such as 203.0.113.7/32,"
                                + " or securityGroups");
            }
        }

        private static boolean isPrivate(String cidr) {
            return PRIVATE.matcher(cidr).lookingAt();
        }

        private static void requireAtMost(String field, int size, int max) {
            if (size > max) {
                throw new IllegalArgumentException(
                        field + ": expected at most " + max + ", found " + size);
            }
        }
    }

    /** Which of a machine's addresses is used. */
    public enum Address {
        /** The worker is in the machines' network, or one joined to it. */
        PRIVATE,
        /** The worker is anywhere; machines get a public IPv4 address. */
        PUBLIC
    }

    /**
     * A token bucket.
     *
     * @param perSecond how fast it fills; above 0, at most 1,000
     * @param burst how many calls may come at once after a pause; 1 to 1,000
     */
    public record Rate(double perSecond, int burst) {
        private static final int MAX = 1_000;

        public Rate {
            if (!(perSecond > 0 && perSecond <= MAX)) {
                throw new IllegalArgumentException(
                        "perSecond: expected above 0, at most " + MAX + ", found " + perSecond);
            }
            if (burst < 1 || burst > MAX) {
                throw new IllegalArgumentException(
                        "burst: expected 1 to " + MAX + ", found " + burst);
            }
        }
    }

    static void requireMatch(String field, String value, Pattern pattern, String expected) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    field + ": expected " + expected + ", found " + Text.quoted(value));
        }
    }

    private static void requirePrice(String type, BigDecimal usd) {
        if (usd.signum() <= 0) {
            throw new IllegalArgumentException(
                    "onDemandUsdPerHour." + type + ": expected more than 0, found " + usd);
        }
    }

    private static void requireTags(Map<String, String> tags) {
        if (tags.size() > TAGS_MAX) {
            throw new IllegalArgumentException(
                    "tags: expected at most " + TAGS_MAX + ", found " + tags.size());
        }
        tags.forEach(
                (key, value) -> {
                    boolean isReserved = key.startsWith("spate:") || key.startsWith("aws:");
                    if (isReserved || key.isEmpty() || key.length() > 128 || key.equals("Name")) {
                        throw new IllegalArgumentException(
                                "tags: expected keys of 1 to 128 characters other than Name,"
                                        + " spate:… and aws:…, found "
                                        + Text.quoted(key));
                    }
                    if (value.length() > 256) {
                        throw new IllegalArgumentException(
                                "tags."
                                        + key
                                        + ": expected at most 256 characters, found "
                                        + value.length());
                    }
                });
    }
}
