package dev.spate.ssh;

import static dev.spate.ssh.OnMachine.failure;
import static dev.spate.ssh.OnMachine.ok;
import static dev.spate.ssh.OnMachine.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.fleet.Run;
import dev.spate.job.Failure;
import dev.spate.job.RelativePath;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A machine whose disk is full. A small disk would have to be mounted, which not everybody may; so
 * what {@code df} tells is made up, and a file that finds no room is a link to {@code /dev/full},
 * where the kernel refuses every byte as it does on a disk without room.
 */
@Timeout(30)
@ParameterizedClass
@MethodSource("dev.spate.ssh.UnderShell#shells")
final class DiskFullIT {

    private final UnderShell machine;
    private final OnMachine on;

    DiskFullIT(String shell, @TempDir Path home, @TempDir Path bin) throws Exception {
        machine = new UnderShell(shell, home, bin);
        on = machine.on;
    }

    @BeforeEach
    void fill() throws Exception {
        machine.replace(
                "df",
                """
                echo Filesystem 1024-blocks Used Available Capacity Mounted
                echo disk 1000 1000 0 100% /
                """);
    }

    @AfterEach
    void close() throws Exception {
        machine.close();
    }

    @Test
    void saysThatTheDiskIsFullAndKeepsWhatTheRunWroteBefore() throws Exception {
        Run run =
                run(
                        """
                        echo text >kept
                        ln -s /dev/full big
                        dd if=/dev/zero of=big bs=1000 count=5000 || exit 9
                        """);
        on.start(run);
        Output output = new Output();

        assertThat(failure(on.shell.watch(run.key(), 0, 0, output, on.soon())))
                .isEqualTo(
                        new Failure(
                                Failure.Kind.JOB,
                                "i-loopback: the machine's disk is full; the command ended with"
                                        + " exit code 9"));
        assertThat(output.err()).contains("No space left on device");
        assertThat(ok(on.shell.fetch(run.key(), new RelativePath("kept"), on.soon())).bytes())
                .isEqualTo("text\n".length());
    }

    @Test
    void tellsTheEndOfARunThatLeavesRoomForNothing() throws Exception {
        // Nor for how it ended, until what was kept free for that is given up.
        Run run = run("ln -s /dev/full ../exit.new; until [ -e go ]; do sleep 0.05; done; exit 7");
        on.start(run);
        Path reserve = on.directory(run.key()).resolve("reserve");
        Path end = on.directory(run.key()).resolve("exit.new");
        Awaitility.await().until(() -> Files.isSymbolicLink(end));
        assertThat(reserve).hasSize(64 << 10);
        Files.createFile(on.work(run.key()).resolve("go"));
        Awaitility.await().until(() -> Files.size(reserve) == 0);

        Files.delete(end);

        assertThat(failure(on.shell.watch(run.key(), 0, 0, new Output(), on.soon())).message())
                .endsWith("disk is full; the command ended with exit code 7");
    }
}
