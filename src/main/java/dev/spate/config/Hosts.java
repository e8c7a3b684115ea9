package dev.spate.config;

import dev.spate.hosts.HostsSettings;
import dev.spate.ssh.Login;
import java.util.Map;

/**
 * Machines of somebody's own, instead of EC2.
 *
 * @param settings which there are
 * @param logins how to log in to each, by name
 */
public record Hosts(HostsSettings settings, Map<String, Login> logins) {
    public Hosts {
        logins = Map.copyOf(logins);
    }
}
