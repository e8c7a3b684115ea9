package dev.spate.ssh;

import static dev.spate.ssh.OnMachine.failure;
import static dev.spate.ssh.OnMachine.ok;
import static dev.spate.ssh.OnMachine.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.spate.fleet.Run;
import dev.spate.job.Failure;
import dev.spate.job.RelativePath;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A machine with a disk of one mebibyte; needs the right to mount one. */
@Timeout(30)
final class DiskFullIT {

    @TempDir Path home;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(
                succeeds("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", home.toString()),
                "this user may not mount a disk");
    }

    @AfterEach
    void unmount() throws Exception {
        var _ = succeeds("umount", "-l", home.toString());
    }

    @Test
    void saysThatTheDiskIsFullAndKeepsWhatTheRunWroteBefore() throws Exception {
        try (OnMachine on = OnMachine.in(home)) {
            Run run = run("echo text >kept; head -c 5000000 /dev/zero >big");
            on.start(run);
            Output output = new Output();

            Failure failure = failure(on.shell.watch(run.key(), 0, 0, output, on.soon()));

            assertThat(failure.kind()).isEqualTo(Failure.Kind.JOB);
            assertThat(failure.message()).contains("the machine's disk is full");
            assertThat(ok(on.shell.fetch(run.key(), new RelativePath("kept"), on.soon())).bytes())
                    .isEqualTo("text\n".length());
        }
    }

    @Test
    void tellsTheEndOfARunWhoseOutputFillsTheDisk() throws Exception {
        try (OnMachine on = OnMachine.in(home)) {
            Run run = run("head -c 5000000 /dev/zero; sleep 1; exit 7");
            on.start(run);

            Failure failure = failure(on.shell.watch(run.key(), 0, 0, new Output(), on.soon()));

            assertThat(failure.message())
                    .endsWith("disk is full; the command ended with exit code 7");
        }
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }
}
