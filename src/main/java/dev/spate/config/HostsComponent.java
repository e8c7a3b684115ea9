package dev.spate.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.hosts.Host;
import dev.spate.hosts.HostsSettings;
import dev.spate.job.Spelling;
import dev.spate.job.Text;
import dev.spate.ssh.Login;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads the list of machines that are used instead of EC2's, if there is one. */
final class HostsComponent {

    private static final Set<String> FIELDS =
            Set.of("address", "port", "user", "host-key", "identity");
    private static final int SSH_PORT = 22;

    private final Sources sources;
    private final Section top;

    HostsComponent(Sources sources) {
        this.sources = sources;
        this.top = new Section(sources, "");
    }

    /**
     * Reads it, identities included.
     *
     * @param hasEndpoint whether there is an EC2 to launch machines at, too
     */
    Optional<Hosts> read(String group, boolean hasEndpoint) {
        Map<String, JsonNode> trees = sources.trees("hosts");
        if (trees.isEmpty()) {
            return Optional.empty();
        }
        if (hasEndpoint) {
            sources.mistake("hosts", "expected either hosts or ec2.endpoint, found both");
        }
        List<Host> hosts = new ArrayList<>();
        Map<String, Login> logins = new TreeMap<>();
        trees.forEach(
                (name, tree) ->
                        top.build(() -> entry(name, tree), Optional.<Entry>empty())
                                .ifPresent(
                                        entry -> {
                                            hosts.add(entry.host());
                                            logins.put(name, entry.login());
                                        }));
        return top.build(
                () -> Optional.of(new Hosts(new HostsSettings(group, hosts), logins)),
                Optional.empty());
    }

    private record Entry(Host host, Login login) {}

    private static Optional<Entry> entry(String name, JsonNode tree) {
        try {
            tree.fieldNames()
                    .forEachRemaining(
                            field -> {
                                if (!FIELDS.contains(field)) {
                                    throw new IllegalArgumentException(
                                            field + ": no such key" + Spelling.hint(field, FIELDS));
                                }
                            });
            Login login =
                    Login.read(
                            port(tree),
                            text(tree, "user"),
                            text(tree, "host-key"),
                            Path.of(text(tree, "identity")));
            return Optional.of(new Entry(new Host(name, text(tree, "address")), login));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("hosts." + name + ": " + wrong.getMessage(), wrong);
        }
    }

    private static int port(JsonNode tree) {
        JsonNode port = tree.path("port");
        if (port.isMissingNode() || port.isNull()) {
            return SSH_PORT;
        }
        if (!port.isIntegralNumber()) {
            throw new IllegalArgumentException(
                    "port: expected a whole number, found " + Text.quoted(port.asText()));
        }
        return port.asInt();
    }

    private static String text(JsonNode tree, String field) {
        String text = tree.path(field).asText("");
        if (text.isBlank()) {
            throw new IllegalArgumentException(field + ": expected a text, found nothing");
        }
        return text;
    }
}
