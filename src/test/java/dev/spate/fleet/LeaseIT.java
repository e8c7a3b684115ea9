package dev.spate.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dead man's switch in the user data, really run, on a machine whose power is a file. */
class LeaseIT {

    private static final Path UPTIME = Path.of("/proc/uptime");

    @TempDir Path root;
    private Path lease;

    @BeforeEach
    void furnish() throws IOException {
        Path bin = Files.createDirectories(root.resolve("bin"));
        script(bin.resolve("poweroff"), "echo off >> \"$SPATE_ROOT/power\"");
        script(bin.resolve("systemd-run"), "exit 1");
        lease = root.resolve("run/spate/lease");
    }

    @AfterEach
    void letTheSwitchGo() throws Exception {
        if (Files.exists(lease)) {
            Files.writeString(lease, "0\n");
            awaitPowerOff(Duration.ofSeconds(5));
        }
    }

    @Test
    void powersOffAtTheDeadlineAndNotBefore() throws Exception {
        arm(2);

        assertThat(isOff()).isFalse();
        assertThat(awaitPowerOff(Duration.ofSeconds(6))).isTrue();
    }

    @Test
    void theDeadlineCanBeMoved() throws Exception {
        arm(600);

        Files.writeString(lease, uptimeSeconds() + "\n");

        assertThat(awaitPowerOff(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void garbageMovesNothing() throws Exception {
        arm(600);

        for (String garbage :
                List.of("", "soon", "-1", "12 13", "08", "$(touch x)", "99999999999999999999")) {
            Files.writeString(lease, garbage + "\n");
            TimeUnit.MILLISECONDS.sleep(350);
            assertThat(isOff()).as(garbage).isFalse();
        }
    }

    @Test
    void aRebootGoesOnWithTheSecondsThatWereLeft() throws Exception {
        Path left = root.resolve("var/lib/spate/machine/left");
        arm(600);
        for (int i = 0; i < 100 && !Files.exists(left); i++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(Integer.parseInt(Files.readString(left).strip())).isBetween(590, 600);
        letTheSwitchGo();
        Files.delete(root.resolve("power"));
        Files.writeString(left, "1\n");

        arm(600);

        assertThat(awaitPowerOff(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void whatIsNoNumberIsNotTakenForWhatWasLeft() throws Exception {
        Path left = root.resolve("var/lib/spate/machine/left");
        Files.createDirectories(left.getParent());
        Files.writeString(left, "08\n");

        arm(600);

        assertThat(Long.parseLong(Files.readString(lease).strip()))
                .isBetween(uptimeSeconds() + 590, uptimeSeconds() + 601);
    }

    @Test
    void aRestartKeepsAnExtension() throws Exception {
        arm(600);

        // As systemd starts it again: with the deadline of the boot, which has passed by now.
        Process again =
                environment("sh", lease.resolveSibling("lease.sh").toString(), "1", root.toString())
                        .start();
        TimeUnit.MILLISECONDS.sleep(500);

        assertThat(again.isAlive()).isTrue();
        assertThat(isOff()).isFalse();
        again.destroyForcibly();
    }

    @Test
    void whoeverIsLoggedInMayMoveItButNotChangeTheSwitch() throws Exception {
        arm(600);

        assertThat(mode(lease)).isEqualTo("rw-rw-rw-");
        assertThat(mode(lease.resolveSibling("lease.sh"))).isEqualTo("rw-r--r--");
        assertThat(mode(root.resolve("run/spate"))).isEqualTo("rwxr-xr-x");
    }

    /** Runs the boot command of the user data, with a step of 0.1 s instead of 5. */
    private void arm(int seconds) throws IOException, InterruptedException {
        String script =
                bootCommand()
                        .replace("left=3600", "left=" + seconds)
                        .replace("sleep 5", "sleep 0.1");
        Process process = environment("sh", "-c", script).start();
        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private ProcessBuilder environment(String... command) {
        // Not inherited: a switch that outlives its test would hold this build's output open.
        ProcessBuilder process =
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> env = process.environment();
        env.put("SPATE_ROOT", root.toString());
        env.put("PATH", root.resolve("bin") + ":" + env.get("PATH"));
        return process;
    }

    private static String bootCommand() {
        List<String> lines = new ArrayList<>();
        boolean isInside = false;
        for (String line : UserDataTest.rendered().lines().toList()) {
            isInside = isInside && line.startsWith("    ");
            if (isInside) {
                lines.add(line.substring(4));
            }
            isInside = isInside || line.equals("  - |");
        }
        return lines.stream().collect(Collectors.joining("\n", "", "\n"));
    }

    private boolean awaitPowerOff(Duration limit) throws InterruptedException {
        for (long waited = 0; waited < limit.toMillis() && !isOff(); waited += 50) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return isOff();
    }

    private boolean isOff() {
        return Files.exists(root.resolve("power"));
    }

    private static long uptimeSeconds() throws IOException {
        String text = Files.readString(UPTIME);
        return Long.parseLong(text.substring(0, text.indexOf('.')));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static void script(Path path, String line) throws IOException {
        Files.writeString(path, "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
