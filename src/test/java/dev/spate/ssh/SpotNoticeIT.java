package dev.spate.ssh;

import static dev.spate.ssh.OnMachine.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a machine learns that the cloud takes it back. */
@Timeout(30)
final class SpotNoticeIT {

    @TempDir Path home;

    @Test
    void tellsTheNoticeWhenItComes() throws Exception {
        LoopbackMachine.needs("curl");
        try (Metadata metadata = new Metadata();
                OnMachine on = new OnMachine(machine(LoopbackMachine.PATH, metadata))) {
            var notice = on.scheduler.start("notice", () -> on.shell.awaitNotice(on.soon()));
            Awaitility.await().until(() -> metadata.asked() == 1);
            assertThat(notice.result()).isNotDone();

            metadata.giveNotice();

            assertThat(notice.result()).succeedsWithin(Duration.ofSeconds(10));
            assertThat(ok(notice.result().get())).hasValue(Metadata.NOTICE);
        }
    }

    @Test
    void saysThatNobodyCanBeAskedWhereThereIsNoCurl() throws Exception {
        Path bin = Files.createDirectory(home.resolve("bin"));
        Path sh = Path.of("/bin/sh").toRealPath();
        for (String command : List.of("mkdir", "cp", "mv", "rm", "tar", "cat")) {
            Files.createSymbolicLink(bin.resolve(command), Path.of("/bin", command));
        }
        Files.createSymbolicLink(bin.resolve("sh"), sh);
        try (Metadata metadata = new Metadata();
                OnMachine on = new OnMachine(machine(bin.toString(), metadata))) {
            assertThat(ok(on.shell.awaitNotice(on.soon()))).isEmpty();
        }
    }

    @Test
    void leavesNothingBehindWhenNobodyListensAnyMore() throws Exception {
        LoopbackMachine.needs("curl");
        try (Metadata metadata = new Metadata();
                OnMachine on = new OnMachine(machine(LoopbackMachine.PATH, metadata))) {
            var notice = on.scheduler.start("notice", () -> on.shell.awaitNotice(on.soon()));
            Awaitility.await().until(() -> metadata.asked() == 1);

            notice.cancel();

            String script = RunScript.bundled().version() + ".sh notice";
            Awaitility.await()
                    .until(
                            () ->
                                    ProcessHandle.allProcesses()
                                            .noneMatch(
                                                    process ->
                                                            process.info()
                                                                    .commandLine()
                                                                    .orElse("")
                                                                    .contains(script)));
        }
    }

    private LoopbackMachine machine(String path, Metadata metadata) {
        LoopbackMachine machine = LoopbackMachine.start(home, List.of("/bin/sh"), path);
        machine.variables.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.endpoint());
        return machine;
    }
}
