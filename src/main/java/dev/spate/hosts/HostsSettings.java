package dev.spate.hosts;

import dev.spate.job.Text;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which machines there are.
 *
 * @param group the group of workers that claims them; other groups may share the list
 * @param hosts 1 to 200, with distinct names
 */
public record HostsSettings(String group, List<Host> hosts) {

    private static final int HOSTS_MAX = 200;
    private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public HostsSettings {
        hosts = List.copyOf(hosts);
        if (!GROUP.matcher(group).matches()) {
            throw new IllegalArgumentException(
                    "group: expected 1 to 64 letters, digits, '.', '_' and '-', found "
                            + Text.quoted(group));
        }
        if (hosts.isEmpty() || hosts.size() > HOSTS_MAX) {
            throw new IllegalArgumentException(
                    "hosts: expected 1 to " + HOSTS_MAX + ", found " + hosts.size());
        }
        Set<String> names = new HashSet<>();
        for (Host host : hosts) {
            if (!names.add(host.name())) {
                throw new IllegalArgumentException(
                        "hosts: expected distinct names, found two " + host.name());
            }
        }
    }
}
