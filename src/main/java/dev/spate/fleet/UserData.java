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
     * whoever is logged in may move; what is not a number of at most nine digits moves nothing. If
     * it is killed it is started again, and goes on with the deadline in the file; after a reboot
     * it goes on with the seconds that were left, which it writes down for this instance alone: an
     * image made of the machine must not inherit them. {@code SPATE_ROOT} is empty, but on
     * simulated machines.
     */
    // Cloud-init runs this before sysinit.target, on which services wait unless told otherwise:
    // without --no-block and DefaultDependencies=no the boot would wait for the switch, and the
    // switch for the boot. A number that begins with 0 would be octal to the shell, or an error.
    private static final String LEASE_SCRIPT =
            """
            umask 022
            dir="${SPATE_ROOT:-}/run/spate"
            kept="${SPATE_ROOT:-}/var/lib/spate/${INSTANCE_ID:-machine}"
            mkdir -p "$dir" "$kept"
            left=LEASE_SECONDS
            saved=
            { read -r saved < "$kept/left"; } 2>/dev/null
            case $saved in '' | *[!0-9]* | ??????????* | 0?*) ;; *) left=$saved ;; esac
            read -r up _ < /proc/uptime
            end=$((${up%%.*} + left))
            echo "$end" > "$dir/lease"
            chmod 666 "$dir/lease"
            cat > "$dir/lease.sh" <<'END'
            dir="${SPATE_ROOT:-}/run/spate"
            end=$1
            while
              next=
              { read -r next < "$dir/lease"; } 2>/dev/null
              case $next in '' | *[!0-9]* | ??????????* | 0?*) ;; *) end=$next ;; esac
              read -r up _ < /proc/uptime
              left=$((end - ${up%%.*}))
              [ "$left" -gt 0 ]
            do
              echo "$left" > "$2/left.new" && mv "$2/left.new" "$2/left"
              sleep 5
            done
            poweroff || poweroff -f
            END
            systemd-run --no-block --property=DefaultDependencies=no \\
              --property=Restart=always --property=StartLimitIntervalSec=0 \\
              --property=OOMScoreAdjust=-1000 --unit=spate-lease \\
              sh "$dir/lease.sh" "$end" "$kept" ||
              nohup setsid sh "$dir/lease.sh" "$end" "$kept" > /dev/null 2>&1 < /dev/null &
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
