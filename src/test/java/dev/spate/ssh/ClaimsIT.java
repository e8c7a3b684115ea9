package dev.spate.ssh;

import static dev.spate.ssh.OnMachine.failure;
import static dev.spate.ssh.OnMachine.ok;
import static dev.spate.ssh.OnMachine.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.Scheduler;
import dev.spate.fleet.Run;
import dev.spate.fleet.RunStatus;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimsIT {

    @TempDir Path home;
    private OnMachine on;
    private SshClaims claims;

    @BeforeEach
    void connect() throws Exception {
        on = OnMachine.in(home);
        claims = new SshClaims(on.shells);
    }

    @AfterEach
    void close() throws IOException {
        on.close();
    }

    @Test
    void givesAMachineToOneOfManyWhoClaimIt() throws Exception {
        List<Scheduler.Task<Answer<String>>> claimed = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String claim = "group launch-" + i;
            claimed.add(on.scheduler.start(claim, () -> claim(claim)));
        }
        Set<String> holders = new HashSet<>();
        for (var task : claimed) {
            holders.add(ok(task.result().get()));
        }

        assertThat(holders).hasSize(1);
        assertThat(ok(claims.claimed(on.machine.target(), on.soon())))
                .isEqualTo(Optional.of(holders.iterator().next()));
    }

    @Test
    void endsAndForgetsEverythingWhenTheMachineIsGivenBack() throws Exception {
        ok(claim("group mine"));
        Run run = run("touch ready; sleep 4715");
        on.start(run);
        Awaitility.await().until(() -> Files.exists(on.work(run.key()).resolve("ready")));

        ok(claims.release(on.machine.target(), "group another", on.soon()));
        assertThat(on.directory(run.key())).exists();
        ok(claims.release(on.machine.target(), "group mine", on.soon()));

        assertThat(on.directory(run.key())).doesNotExist();
        assertThat(ok(claims.claimed(on.machine.target(), on.soon()))).isEmpty();
        assertThat(ProcessHandle.allProcesses().map(ProcessHandle::info))
                .noneMatch(
                        info -> List.of(info.arguments().orElse(new String[0])).contains("4715"));
    }

    @Test
    void aRepeatedReleaseLeavesTheNextOnesRunAlone() throws Exception {
        for (int round = 0; round < 3; round++) {
            ok(claim("group mine"));
            List<Scheduler.Task<?>> releases = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                releases.add(
                        on.scheduler.start(
                                "release",
                                () ->
                                        claims.release(
                                                on.machine.target(), "group mine", on.soon())));
            }
            Awaitility.await().until(() -> ok(claim("group next")).equals("group next"));
            Run run = run("touch ready; sleep 4716");
            on.start(run);
            for (var release : releases) {
                release.result().get();
            }

            assertThat(on.directory(run.key())).exists();
            assertThat(ok(on.shell.status(run.key(), on.soon())))
                    .isEqualTo(new RunStatus.Running());
            ok(claims.release(on.machine.target(), "group next", on.soon()));
            assertThat(home.resolve(".spate/_releasing")).doesNotExist();
        }
    }

    @Test
    void aReleaseThatWasKilledDoesNotStopTheNext() throws Exception {
        ok(claim("group mine"));
        Files.writeString(home.resolve(".spate/_releasing"), "999999999 1 another-boot\n");

        ok(claims.release(on.machine.target(), "group mine", on.soon()));

        assertThat(ok(claims.claimed(on.machine.target(), on.soon()))).isEmpty();
    }

    @Test
    void needsNoWatchdogOnAMachineThatIsClaimed() throws Exception {
        Files.delete(home.resolve("root/run/spate"));

        assertThat(failure(on.shell.extendLease(Duration.ofMinutes(1), on.soon())).kind())
                .isEqualTo(Failure.Kind.INFRASTRUCTURE);
        ok(claim("group mine"));
        ok(on.shell.extendLease(Duration.ofMinutes(1), on.soon()));
    }

    private Answer<String> claim(String claim) throws InterruptedException {
        return claims.claim(on.machine.target(), claim, on.soon());
    }
}
