package dev.spate.fleet;

import dev.spate.job.Launch;

/**
 * What a machine is told at its first boot, for cloud-init: a shutdown timer before anything else,
 * the host key it has to show, and who may log in. Pure: every worker renders the same text for the
 * same launch.
 *
 * @see <a href="https://cloudinit.readthedocs.io/en/latest/reference/modules.html">cloud-init's
 *     modules</a>
 */
final class UserData {

    /**
     * The dead man's switch. Runs at every boot, before anybody can log in. It compares the
     * machine's uptime, which no change of the clock affects, with a deadline in a file that
     * whoever is logged in may move; what is not a number of at most nine digits moves nothing. A
     * reboot begins the lease anew. {@code SPATE_ROOT} is empty, but on simulated machines.
     */
    // Cloud-init runs this before sysinit.target, on which services wait unless told otherwise:
    // without these two options the boot would wait for the switch, and the switch for the boot.
    private static final String LEASE_SCRIPT =
            """
            umask 022
            dir="${SPATE_ROOT:-}/run/spate"
            mkdir -p "$dir"
            read -r up _ < /proc/uptime
            end=$((${up%%.*} + LEASE_SECONDS))
            echo "$end" > "$dir/lease"
            chmod 666 "$dir/lease"
            cat > "$dir/lease.sh" <<'END'
            dir="${SPATE_ROOT:-}/run/spate"
            end=$1
            while read -r up _ < /proc/uptime && [ "${up%%.*}" -lt "$end" ]; do
              sleep 5
              next=
              { read -r next < "$dir/lease"; } 2>/dev/null
              case $next in '' | *[!0-9]* | ??????????*) ;; *) end=$next ;; esac
            done
            poweroff || poweroff -f
            END
            systemd-run --no-block --property=DefaultDependencies=no --unit=spate-lease \\
              sh "$dir/lease.sh" "$end" ||
              nohup setsid sh "$dir/lease.sh" "$end" > /dev/null 2>&1 < /dev/null &
            """;

    private UserData() {}

    /**
     * The user data of a launch's machines. Holds the machine's private host key, and no other
     * secret.
     */
    static String render(Launch launch, String loginUser, MachineKeys.Planted keys) {
        StringBuilder text = new StringBuilder("#cloud-config\nbootcmd:\n  - |\n");
        indent(
                text,
                4,
                LEASE_SCRIPT.replace("LEASE_SECONDS", Long.toString(launch.lease().toSeconds())));
        text.append("ssh_deletekeys: true\nssh_keys:\n  ed25519_private: |\n");
        indent(text, 4, keys.hostPrivateKey());
        text.append("  ed25519_public: ").append(keys.hostPublicKey()).append('\n');
        text.append("ssh_pwauth: false\ndisable_root: true\nusers:\n  - name: ")
                .append(loginUser)
                .append(
                        "\n    shell: /bin/sh\n    lock_passwd: true\n    sudo: ALL=(ALL) NOPASSWD:ALL\n")
                .append("    ssh_authorized_keys:\n      - ")
                .append(keys.authorizedKey())
                .append('\n');
        return text.toString();
    }

    private static void indent(StringBuilder text, int spaces, String lines) {
        lines.lines().forEach(line -> text.append(" ".repeat(spaces)).append(line).append('\n'));
    }
}
