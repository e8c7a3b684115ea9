package dev.spate.local;

import static dev.spate.local.CloudFixture.PATIENCE;
import static dev.spate.local.CloudFixture.quick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.model.Instance;

/** The machines, as one who logs in sees them. */
final class MachineIT {
    @TempDir Path directory;

    @Test
    void runsCommandsAndTellsTheirExit() throws IOException {
        try (Stage stage = new Stage(quick(directory))) {
            String address = stage.machine();
            try (ClientSession session = stage.logIn(address)) {
                Guests.Ran ran =
                        Guests.run(
                                session, "cat; echo \"$USER $PWD\"; echo oops >&2; exit 7", "in ");
                assertThat(ran.exit()).isEqualTo(7);
                assertThat(ran.out()).startsWith("in spate ").endsWith("/home/spate\n");
                assertThat(ran.err()).isEqualTo("oops\n");
                assertThat(Guests.run(session, "kill -9 $$", "").exit()).isEqualTo(137);
                assertThat(Guests.run(session, "sudo -n -E sh -c 'echo $HOME'", "").out())
                        .endsWith("/home/spate\n");
                assertThat(Guests.run(session, "head -c 3000000 /dev/zero", "").out())
                        .hasSize(3_000_000);
                assertThat(Guests.run(session, "wc -c", "x".repeat(300_000)).out().strip())
                        .isEqualTo("300000");
                assertThat(Guests.run(session, "kill 0; echo still here", "").out()).isEmpty();
            }
        }
    }

    @Test
    void servesFilesFromTheHomeDirectory() throws IOException {
        try (Stage stage = new Stage(quick(directory))) {
            String address = stage.machine();
            try (ClientSession session = stage.logIn(address);
                    SftpClient sftp = SftpClientFactory.instance().createSftpClient(session)) {
                sftp.mkdir("run");
                try (var file = sftp.write("run/in.txt")) {
                    file.write("hello".getBytes(StandardCharsets.UTF_8));
                }
                assertThat(Guests.run(session, "cat run/in.txt", "").out()).isEqualTo("hello");
                assertThat(sftp.canonicalPath("."))
                        .isEqualTo(Guests.run(session, "pwd", "").out().strip());
            }
        }
    }

    @Test
    void letsNobodyInWithAnotherKey() throws IOException {
        try (Stage stage = new Stage(quick(directory))) {
            String address = stage.machine();
            assertThatThrownBy(
                            () ->
                                    stage.guests.logIn(
                                            address, stage.cloud.cloud().sshPort(), Guests.key()))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void showsAnotherHostKeyWhenToldTo() throws IOException {
        try (Stage stage = new Stage(quick(directory).with("faults.wrongHostKey", "1"))) {
            String address = stage.machine();
            assertThatThrownBy(() -> stage.logIn(address)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void runsTheBootCommandsBeforeSshdListens() throws IOException {
        try (Stage stage = new Stage(quick(directory))) {
            Instance instance =
                    stage.launch(
                            "bootcmd:",
                            "  - mkdir -p $SPATE_ROOT/run/spate; echo $USER > $SPATE_ROOT/run/spate/who",
                            "  - [sh, -c, 'echo listed >> $SPATE_ROOT/run/spate/who']",
                            "write_files:",
                            "  - path: /etc/motd",
                            "    content: welcome",
                            "    permissions: '0600'");
            String address = stage.cloud.awaitSshd(instance);
            assertThat(stage.run(address, "cat $SPATE_ROOT/run/spate/who").out())
                    .isEqualTo("root\nlisted\n");
            assertThat(stage.run(address, "ls -l $SPATE_ROOT/etc/motd").out())
                    .startsWith("-rw-------");
            assertThat(
                            stage.cloud
                                    .ec2()
                                    .getConsoleOutput(r -> r.instanceId(instance.instanceId()))
                                    .join()
                                    .output())
                    .isNotEmpty();
        }
    }

    @Test
    void killsEveryProcessAtTheEnd() throws IOException {
        try (Stage stage = new Stage(quick(directory))) {
            Instance instance = stage.launch();
            String address = stage.cloud.awaitSshd(instance);
            stage.run(
                    address,
                    "for i in 1 2 3; do setsid nohup sleep 600 </dev/null >/dev/null 2>&1 & done");
            ClientSession open = stage.logIn(address);
            Set<String> id = Set.of(instance.instanceId());
            assertThat(Processes.findByMarker(id)).hasSizeGreaterThanOrEqualTo(3);

            stage.cloud.ec2().terminateInstances(r -> r.instanceIds(instance.instanceId())).join();

            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> {
                                assertThat(Processes.findByMarker(id)).isEmpty();
                                assertThat(open.isOpen()).isFalse();
                                assertThatThrownBy(
                                                () ->
                                                        new Socket(
                                                                        address,
                                                                        stage.cloud
                                                                                .cloud()
                                                                                .sshPort())
                                                                .close())
                                        .isInstanceOf(IOException.class);
                                assertThat(directory.resolve("machines")).isEmptyDirectory();
                            });
        }
    }

    @Test
    void endsWhenSwitchedOffFromInside() throws IOException {
        try (Stage stage = new Stage(quick(directory))) {
            Instance direct = stage.launch();
            Instance byTimer = stage.launch();
            Instance cancelled = stage.launch();
            stage.run(stage.cloud.awaitSshd(direct), "sudo /sbin/poweroff");
            stage.run(stage.cloud.awaitSshd(byTimer), "sudo shutdown -P +0");
            stage.run(stage.cloud.awaitSshd(cancelled), "sudo shutdown -P +1; sudo shutdown -c");

            stage.cloud.awaitState(direct.instanceId(), "terminated");
            stage.cloud.awaitState(byTimer.instanceId(), "terminated");
            assertThat(stage.cloud.describe(direct.instanceId()).stateReason().code())
                    .isEqualTo("Client.InstanceInitiatedShutdown");
            assertThat(stage.cloud.describe(cancelled.instanceId()).state().nameAsString())
                    .isEqualTo("running");
        }
    }

    @Test
    void aLeaseWatchdogInTheBootCommandsEndsIt() throws IOException {
        try (Stage stage = new Stage(quick(directory))) {
            Instance instance =
                    stage.launch(
                            "bootcmd:",
                            "  - |",
                            "    mkdir -p $SPATE_ROOT/run/spate",
                            "    read up rest </proc/uptime; up=${up%.*}",
                            "    echo $((up + 2)) >$SPATE_ROOT/run/spate/lease",
                            "    (while sleep 0.2; do",
                            "      read up rest </proc/uptime; read end <$SPATE_ROOT/run/spate/lease",
                            "      [ ${up%.*} -lt $end ] || poweroff",
                            "    done) </dev/null >/dev/null 2>&1 &");
            stage.cloud.awaitSshd(instance);
            stage.cloud.awaitState(instance.instanceId(), "terminated");
        }
    }

    @Test
    void bootsAndAdmitsTwoHundredAtOnce() throws Exception {
        try (Stage stage = new Stage(quick(directory))) {
            List<Instance> instances =
                    stage.cloud
                            .launch(r -> r.maxCount(200).userData(stage.guests.userData()))
                            .instances();
            var failures = new ConcurrentLinkedQueue<Throwable>();
            List<Thread> threads =
                    instances.stream()
                            .map(
                                    instance ->
                                            Thread.startVirtualThread(
                                                    () -> {
                                                        try {
                                                            String address =
                                                                    stage.cloud.awaitSshd(instance);
                                                            assertThat(
                                                                            stage.run(
                                                                                            address,
                                                                                            "echo $SPATE_SIM_MACHINE")
                                                                                    .out())
                                                                    .isEqualTo(
                                                                            instance.instanceId()
                                                                                    + "\n");
                                                        } catch (IOException
                                                                | RuntimeException
                                                                | AssertionError e) {
                                                            failures.add(e);
                                                        }
                                                    }))
                            .toList();
            for (Thread thread : threads) {
                thread.join(Duration.ofSeconds(60));
            }
            assertThat(failures).isEmpty();
        }
        assertThat(directory.resolve("machines")).isEmptyDirectory();
    }

    /** A cloud and someone to log in. */
    private static final class Stage implements AutoCloseable {
        final CloudFixture cloud;
        final Guests guests = new Guests();

        Stage(CloudOptions options) throws IOException {
            cloud = new CloudFixture(options);
        }

        Instance launch(String... yaml) {
            return cloud.launch(r -> r.userData(guests.userData(yaml))).instances().getFirst();
        }

        String machine() {
            return cloud.awaitSshd(launch());
        }

        ClientSession logIn(String address) throws IOException {
            return guests.logIn(address, cloud.cloud().sshPort());
        }

        Guests.Ran run(String address, String command) throws IOException {
            return guests.run(address, cloud.cloud().sshPort(), command);
        }

        @Override
        public void close() throws IOException {
            guests.close();
            cloud.close();
        }
    }
}
