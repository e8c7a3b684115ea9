package dev.spate.config;

import dev.spate.ec2.Ec2Action;
import dev.spate.ec2.Ec2Settings;
import dev.spate.ec2.ImageName;
import dev.spate.job.Text;
import dev.spate.ssh.SshSettings;
import java.math.BigDecimal;
import java.net.URI;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads the settings of EC2. */
final class Ec2Component {

    private final Section section;

    Ec2Component(Sources sources) {
        this.section = new Section(sources, "ec2.");
    }

    Ec2Settings read(String group, SshSettings ssh) {
        Ec2Settings defaults = Ec2Settings.of(group);
        var endpoint = endpoint();
        var network = network(ssh);
        return section.build(
                () ->
                        new Ec2Settings(
                                group,
                                endpoint,
                                network,
                                section.optional("instance-profile"),
                                byAction(section.map("rates", Ec2Component::rate)),
                                section.duration("call-timeout", defaults.callTimeout()),
                                section.integer("tries-max", defaults.triesMax()),
                                section.map("on-demand-usd-per-hour", Ec2Component::price),
                                section.map("images", Ec2Component::image),
                                section.map("tags", (_, value) -> value)),
                defaults);
    }

    private Ec2Settings.Endpoint endpoint() {
        var access =
                section.value(
                        "access",
                        Ec2Settings.Access.AWS.name().toLowerCase(Locale.ROOT),
                        Ec2Settings.Access.AWS,
                        text -> word(Ec2Settings.Access.class, text));
        return section.build(
                () ->
                        new Ec2Settings.Endpoint(
                                section.value(
                                        "endpoint", "", Optional.<URI>empty(), Ec2Component::uri),
                                section.optional("region"),
                                access),
                Ec2Settings.Endpoint.AWS);
    }

    private Ec2Settings.Network network(SshSettings ssh) {
        Ec2Settings.Network defaults = Ec2Settings.Network.DEFAULT;
        var address =
                section.value(
                        "address",
                        defaults.address().name().toLowerCase(Locale.ROOT),
                        defaults.address(),
                        text -> word(Ec2Settings.Address.class, text));
        return section.build(
                () ->
                        new Ec2Settings.Network(
                                address,
                                section.optional("vpc"),
                                section.map("subnets", (_, value) -> value),
                                section.list("security-groups", defaults.securityGroups()),
                                section.list("ssh-from", defaults.sshFrom()),
                                ssh.port()),
                defaults);
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(URI.create(text.strip()));
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "expected an http or https address, found " + Text.quoted(text), malformed);
        }
    }

    private static Ec2Settings.Rate rate(String name, String text) {
        var _ = action(name);
        String[] parts = text.split("/", -1);
        try {
            if (parts.length == 2) {
                return new Ec2Settings.Rate(
                        Double.parseDouble(parts[0].strip()), Integer.parseInt(parts[1].strip()));
            }
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(expectedRate(text), notANumber);
        }
        throw new IllegalArgumentException(expectedRate(text));
    }

    private static String expectedRate(String text) {
        return "expected calls a second and at once, such as 2.5/50, found " + Text.quoted(text);
    }

    private static Map<Ec2Action, Ec2Settings.Rate> byAction(Map<String, Ec2Settings.Rate> rates) {
        Map<Ec2Action, Ec2Settings.Rate> byAction = new EnumMap<>(Ec2Action.class);
        rates.forEach((name, rate) -> byAction.put(action(name), rate));
        return byAction;
    }

    private static Ec2Action action(String name) {
        return Arrays.stream(Ec2Action.values())
                .filter(action -> action.word().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "expected an action of EC2's such as RunInstances,"
                                                + " found "
                                                + Text.quoted(name)));
    }

    private static BigDecimal price(String type, String text) {
        try {
            BigDecimal usd = new BigDecimal(text.strip());
            if (usd.signum() > 0) {
                return usd;
            }
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(expectedPrice(text), notANumber);
        }
        throw new IllegalArgumentException(expectedPrice(text));
    }

    private static String expectedPrice(String text) {
        return "expected a price above 0, such as 0.0456, found " + Text.quoted(text);
    }

    private static ImageName image(String name, String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException(
                    "expected an account and a name, such as 123456789012/builder-*, found "
                            + Text.quoted(text));
        }
        return new ImageName(text.substring(0, slash).strip(), text.substring(slash + 1).strip());
    }

    private static <E extends Enum<E>> E word(Class<E> type, String text) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(text.strip())) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                "expected one of "
                        + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT)
                        + ", found "
                        + Text.quoted(text));
    }
}
