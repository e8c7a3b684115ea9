package dev.spate.ssh;

import static dev.spate.ssh.OnMachine.failure;
import static dev.spate.ssh.OnMachine.ok;
import static dev.spate.ssh.OnMachine.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.Deadline;
import dev.spate.async.SystemScheduler;
import dev.spate.fleet.FleetEvents;
import dev.spate.fleet.Run;
import dev.spate.fleet.RunStatus;
import dev.spate.fleet.Shell;
import dev.spate.fleet.Target;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.RelativePath;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.server.session.ServerUserAuthServiceFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Machines that are not what they should be, and networks that are not there. */
@Timeout(30)
class HostileMachineIT {

    @TempDir Path home;
    private final SystemScheduler scheduler = new SystemScheduler();
    private final AtomicInteger mismatches = new AtomicInteger();
    private final AtomicInteger sessions = new AtomicInteger();

    private final FleetEvents events =
            new FleetEvents() {
                @Override
                public void hostKeyMismatch() {
                    mismatches.incrementAndGet();
                }

                @Override
                public void sessions(int difference) {
                    sessions.addAndGet(difference);
                }
            };

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void sendsNothingOfTheLoginToAMachineThatShowsAnotherKey() throws Exception {
        Ed25519 other = new Ed25519(new byte[32]);
        AtomicInteger logins = new AtomicInteger();
        try (LoopbackMachine machine =
                LoopbackMachine.start(home, other.keyPair(), List.of("sh"), "/bin")) {
            // Authentication begins with asking for this service: it is not even asked for.
            machine.server.setServiceFactories(
                    List.of(
                            new ServerUserAuthServiceFactory() {
                                @Override
                                public Service create(Session session) throws IOException {
                                    logins.incrementAndGet();
                                    return super.create(session);
                                }
                            }));

            Failure failure = failure(connect(machine.target(), machine.settings()));

            assertThat(failure.kind()).isEqualTo(Failure.Kind.SECURITY);
            assertThat(logins).hasValue(0);
            assertThat(mismatches).hasValue(1);
            assertThat(sessions).hasValue(0);
        }
    }

    @Test
    void tellsThatTheLoginWasRefused() throws Exception {
        try (LoopbackMachine machine = LoopbackMachine.start(home)) {
            machine.server.setPublickeyAuthenticator((_, _, _) -> false);

            assertThat(failure(connect(machine.target(), machine.settings())))
                    .isEqualTo(
                            new Failure(
                                    Failure.Kind.INFRASTRUCTURE,
                                    "i-loopback at 127.0.0.1: the login was refused"));
        }
    }

    @Test
    void tellsThatNobodyListens() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        Failure failure = failure(connect(port, Duration.ofSeconds(5)));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.INFRASTRUCTURE);
        assertThat(failure.message()).contains("Connection refused");
    }

    @Test
    void givesUpOnASilentMachineWhenItsTimeIsUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            long began = scheduler.nanoTime();

            Failure failure = failure(connect(silent.getLocalPort(), Duration.ofMillis(500)));

            assertThat(failure.message()).endsWith("no answer in time");
            assertThat(Duration.ofNanos(scheduler.nanoTime() - began))
                    .isBetween(Duration.ofMillis(450), Duration.ofSeconds(3));
        }
    }

    @Test
    void dialsAnewRatherThanWaitForAMachineWhoseNetworkIsNotUp() throws Exception {
        // A full queue of connections: the kernel drops what comes, as if nobody were there.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket _ = new Socket(full.getInetAddress(), full.getLocalPort());
                Socket _ = new Socket(full.getInetAddress(), full.getLocalPort())) {
            long began = scheduler.nanoTime();

            Failure failure = failure(connect(full.getLocalPort(), Duration.ofSeconds(15)));

            assertThat(failure.message()).endsWith("no answer in time");
            assertThat(Duration.ofNanos(scheduler.nanoTime() - began))
                    .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(7));
        }
    }

    @Test
    void isNotImpressedByGarbage() throws Exception {
        try (ServerSocket garbage = answeringWith("\0\1\2 garbage \r\n".repeat(10_000))) {
            assertThat(failure(connect(garbage.getLocalPort(), Duration.ofSeconds(5))).kind())
                    .isEqualTo(Failure.Kind.INFRASTRUCTURE);
        }
        try (ServerSocket broken =
                answeringWith("SSH-2.0-broken\r\n\0\0\377\377" + "x".repeat(99_999))) {
            assertThat(failure(connect(broken.getLocalPort(), Duration.ofSeconds(5))).kind())
                    .isEqualTo(Failure.Kind.INFRASTRUCTURE);
        }
    }

    @Test
    void cutsEndlessAnswersShort() throws Exception {
        try (OnMachine on = OnMachine.in(home)) {
            // The login script of a machine gone mad.
            var factory = on.machine.server.getCommandFactory();
            on.machine.server.setCommandFactory(
                    (channel, _) -> factory.createCommand(channel, "yes spate:what"));
            Deadline deadline = Deadline.after(on.scheduler, Duration.ofSeconds(2));

            Failure failure = failure(on.shell.status(run("true").key(), deadline));

            assertThat(failure)
                    .isEqualTo(
                            new Failure(
                                    Failure.Kind.INFRASTRUCTURE, "i-loopback: no answer in time"));
            assertThat(on.shell.isOpen()).isTrue();
        }
    }

    @Test
    void refusesAnswersThatMakeNoSense() throws Exception {
        try (OnMachine on = OnMachine.in(home)) {
            for (String said : List.of("exited 256", "exited -1", "exited", "done", "\\033[2J")) {
                var factory = on.machine.server.getCommandFactory();
                on.machine.server.setCommandFactory(
                        (channel, _) ->
                                factory.createCommand(channel, "printf 'spate:" + said + "\\n'"));

                assertThat(failure(on.shell.status(run("true").key(), on.soon())).kind())
                        .isEqualTo(Failure.Kind.INFRASTRUCTURE);
                on.machine.server.setCommandFactory(factory);
            }
        }
    }

    @Test
    void takesABrokenPacketForABrokenConnection() throws Exception {
        try (OnMachine on = OnMachine.in(home)) {
            on.machine.server.setSubsystemFactories(List.of(BrokenSftp.truncating()));

            Failure failure = failure(fetch(on, on.soon()));

            assertThat(failure.kind()).isEqualTo(Failure.Kind.INFRASTRUCTURE);
            assertThat(failure.message()).contains("makes no sense");
        }
    }

    @Test
    void givesUpOnAnOutputThatDoesNotComeInTime() throws Exception {
        try (OnMachine on = OnMachine.in(home)) {
            on.machine.server.setSubsystemFactories(List.of(BrokenSftp.silent()));

            Failure failure =
                    failure(fetch(on, Deadline.after(on.scheduler, Duration.ofMillis(500))));

            assertThat(failure.message()).endsWith("no answer in time");
        }
    }

    @Test
    void tellsThatFetchingWasInterrupted() throws Exception {
        try (OnMachine on = OnMachine.in(home)) {
            on.machine.server.setSubsystemFactories(List.of(BrokenSftp.silent()));
            var fetching = on.scheduler.start("fetch", () -> fetch(on, on.soon()));

            fetching.cancel();

            assertThat(fetching.result())
                    .failsWithin(Duration.ofSeconds(3))
                    .withThrowableOfType(java.util.concurrent.CancellationException.class);
        }
    }

    @Test
    void tellsThatFeedingACommandWasInterrupted() throws Exception {
        try (OnMachine on = OnMachine.in(home)) {
            var factory = on.machine.server.getCommandFactory();
            on.machine.server.setCommandFactory(
                    (channel, _) -> factory.createCommand(channel, "sleep 20"));
            var starting =
                    on.scheduler.start(
                            "start", () -> on.shell.start(run("#".repeat(9_000_000)), on.soon()));
            Awaitility.await().until(() -> !on.machine.commands.isEmpty());

            starting.cancel();

            assertThat(starting.result())
                    .failsWithin(Duration.ofSeconds(3))
                    .withThrowableOfType(java.util.concurrent.CancellationException.class);
        }
    }

    private static Answer<?> fetch(OnMachine on, Deadline deadline) throws InterruptedException {
        return on.shell.fetch(run("true").key(), new RelativePath("a.txt"), deadline);
    }

    @Test
    void takesTheAnswerOfACommandThatReadsNothing() throws Exception {
        try (OnMachine on = OnMachine.in(home)) {
            var factory = on.machine.server.getCommandFactory();
            on.machine.server.setCommandFactory(
                    (channel, _) -> factory.createCommand(channel, "echo spate:exited 5"));

            assertThat(on.start(run("#".repeat(5_000_000)))).isEqualTo(new RunStatus.Exited(5));
        }
    }

    @Test
    void warmsUpWithoutAMachine() throws Exception {
        try (LoopbackMachine machine = LoopbackMachine.start(home);
                SshShells shells = shells(machine.settings())) {
            shells.warmUp(in(Duration.ofSeconds(20)));

            assertThat(machine.commands).isEmpty();
            assertThat(sessions).hasValue(0);
        }
    }

    @Test
    void hasWhatALoginScriptWritesInFrontOfTheOutputSkipped() throws Exception {
        try (OnMachine on = OnMachine.in(home)) {
            var factory = on.machine.server.getCommandFactory();
            on.machine.server.setCommandFactory(
                    (channel, command) ->
                            factory.createCommand(
                                    channel, "echo Welcome to spate:; echo ! >&2; " + command));

            Output output = on.outputOf(run("echo out; echo err >&2"), 0);

            assertThat(output.out()).isEqualTo("out\n");
            assertThat(output.err()).isEqualTo("err\n");
        }
    }

    @Test
    void holdsNoMoreOfAFloodOfOutputThanAWindow() throws Exception {
        long bytes = 256L << 20;
        try (OnMachine on = OnMachine.in(home)) {
            Run run = run("dd if=/dev/zero bs=65536 count=" + (bytes >> 16));
            on.start(run);
            AtomicLong seen = new AtomicLong();
            long before = usedHeap();
            AtomicLong most = new AtomicLong();

            ok(
                    on.shell.watch(
                            run.key(),
                            0,
                            0,
                            (stream, offset, piece, length) -> {
                                if (seen.addAndGet(length) % (64 << 20) < length) {
                                    most.accumulateAndGet(usedHeap(), Math::max);
                                }
                            },
                            on.soon()));

            assertThat(seen.get()).isGreaterThanOrEqualTo(bytes);
            assertThat(most.get() - before).isLessThan(32 << 20);
        }
    }

    @Test
    void noticesAConnectionThatIsOnlyHalfOpen() throws Exception {
        try (LoopbackMachine machine = LoopbackMachine.start(home);
                Wire wire = new Wire(machine.server.getPort())) {
            SshSettings settings = settings(wire.port(), Duration.ofSeconds(1));
            try (SshShells shells = shells(settings)) {
                Shell shell = ok(shells.connect(machine.target(), in(Duration.ofSeconds(10))));
                Run run = run("sleep 20");
                ok(shell.start(run, in(Duration.ofSeconds(10))));

                wire.cut();

                Failure failure =
                        failure(
                                shell.watch(
                                        run.key(),
                                        0,
                                        0,
                                        (_, _, _, _) -> {},
                                        in(Duration.ofSeconds(20))));
                assertThat(failure.kind()).isEqualTo(Failure.Kind.INFRASTRUCTURE);
                assertThat(failure.message()).doesNotContain("in time");
                assertThat(shell.isOpen()).isFalse();
                Awaitility.await().until(() -> sessions.get() == 0);
            }
        }
    }

    @Test
    void endsAtOnceWhenInterrupted() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var connecting =
                    scheduler.start(
                            "connect",
                            () -> connect(silent.getLocalPort(), Duration.ofSeconds(25)));
            try (Socket accepted = silent.accept()) {
                connecting.cancel();

                assertThat(connecting.result())
                        .failsWithin(Duration.ofSeconds(3))
                        .withThrowableOfType(java.util.concurrent.CancellationException.class);
                // Nothing is left of the connection.
                accepted.setSoTimeout(5_000);
                accepted.getInputStream().readAllBytes();
            }
        }
    }

    private Answer<Shell> connect(int port, Duration time) throws InterruptedException {
        SshSettings settings = settings(port, Duration.ofSeconds(15));
        try (SshShells shells = shells(settings)) {
            return shells.connect(
                    new Target(
                            new dev.spate.job.MachineId("i-hostile"),
                            "127.0.0.1",
                            LoopbackMachine.TOKEN),
                    in(time));
        }
    }

    private Answer<Shell> connect(Target target, SshSettings settings) throws InterruptedException {
        try (SshShells shells = shells(settings)) {
            return shells.connect(target, in(Duration.ofSeconds(10)));
        }
    }

    private SshShells shells(SshSettings settings) {
        return new SshShells(
                settings, Logins.planted(LoopbackMachine.KEYS, settings), scheduler, events);
    }

    private static SshSettings settings(int port, Duration keepAlive) {
        SshSettings defaults = SshSettings.DEFAULT;
        return new SshSettings(
                port, "spate", keepAlive, defaults.grace(), Optional.empty(), defaults.outputMax());
    }

    private Deadline in(Duration time) {
        return Deadline.after(scheduler, time);
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static ServerSocket answeringWith(String text) throws IOException {
        ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(
                () -> {
                    try (Socket socket = server.accept();
                            OutputStream out = socket.getOutputStream()) {
                        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
                        out.flush();
                        socket.getInputStream().readAllBytes();
                    } catch (IOException gone) {
                        // The client has had enough.
                    }
                });
        return server;
    }
}
