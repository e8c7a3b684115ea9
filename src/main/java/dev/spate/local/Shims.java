package dev.spate.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;

/**
 * The scripts that stand on a machine's path before the host's commands that could hurt the host.
 */
final class Shims {
    private static final List<String> NAMES =
            List.of(
                    "date",
                    "df",
                    "shutdown",
                    "poweroff",
                    "halt",
                    "reboot",
                    "systemctl",
                    "systemd-run",
                    "sudo",
                    "cloud-init-per",
                    "apt",
                    "apt-get",
                    "dnf",
                    "yum",
                    "mount",
                    "umount",
                    "sysctl",
                    "iptables",
                    "useradd",
                    "usermod",
                    "hostnamectl",
                    "timedatectl",
                    "loginctl");

    private Shims() {}

    /** Copies them into a directory. */
    static void install(Path directory) throws IOException {
        for (String name : NAMES) {
            try (InputStream script =
                    Objects.requireNonNull(Shims.class.getResourceAsStream("bin/" + name), name)) {
                Path file = directory.resolve(name);
                Files.write(file, script.readAllBytes());
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
    }
}
