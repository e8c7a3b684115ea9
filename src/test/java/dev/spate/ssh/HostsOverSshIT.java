package dev.spate.ssh;

import static dev.spate.ssh.OnMachine.failure;
import static dev.spate.ssh.OnMachine.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.Deadline;
import dev.spate.async.SystemScheduler;
import dev.spate.fleet.FleetEvents;
import dev.spate.fleet.Machine;
import dev.spate.fleet.Target;
import dev.spate.hosts.Host;
import dev.spate.hosts.HostsCloud;
import dev.spate.hosts.HostsSettings;
import dev.spate.job.Failure;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import dev.spate.job.MachineSpec;
import dev.spate.job.Market;
import dev.spate.job.Pool;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two workers that share a list of two machines of somebody's own. */
class HostsOverSshIT {

    @TempDir Path directory;
    private final SystemScheduler scheduler = new SystemScheduler();
    private LoopbackMachine one;
    private LoopbackMachine two;
    private SshShells shells;
    private HostsCloud here;
    private HostsCloud there;

    @BeforeEach
    void start() throws Exception {
        one = LoopbackMachine.start(directory.resolve("one"));
        two = LoopbackMachine.start(directory.resolve("two"));
        Path identity = directory.resolve("identity");
        Files.writeString(
                identity,
                LoopbackMachine.KEYS.clientKey(LoopbackMachine.TOKEN).privateText(),
                StandardCharsets.US_ASCII);
        Map<String, Login> logins =
                Map.of("one", login(one, identity), "two", login(two, identity));
        shells =
                new SshShells(
                        SshSettings.DEFAULT, Logins.listed(logins), scheduler, FleetEvents.NONE);
        here = cloud();
        there = cloud();
    }

    @AfterEach
    void close() throws Exception {
        shells.close();
        one.close();
        two.close();
        scheduler.close();
    }

    @Test
    void claimsFindsAgainAndGivesBack() throws Exception {
        Launch launch = launch("aa", 1);

        List<Machine> machines = ok(here.launch(launch, "", soon()));

        assertThat(machines).hasSize(1);
        assertThat(ok(there.launch(launch, "", soon()))).isEqualTo(machines);
        assertThat(ok(there.list(soon()))).isEqualTo(machines);
        assertThat(ok(there.launch(launch("bb", 2), "", soon()))).hasSize(1);
        assertThat(failure(here.launch(launch("cc", 1), "", soon())).kind())
                .isEqualTo(Failure.Kind.CAPACITY);

        MachineId id = machines.getFirst().id();
        assertThat(ok(there.terminate(Set.of(id), soon()))).isEmpty();

        assertThat(ok(here.describe(Set.of(id), soon())))
                .extracting(Machine::state)
                .containsExactly(Machine.State.GONE);
        assertThat(ok(here.launch(launch("cc", 1), "", soon())))
                .extracting(Machine::id)
                .doesNotContain(id);
    }

    @Test
    void neverGivesAMachineToTwo() throws Exception {
        var first = scheduler.start("here", () -> here.launch(launch("aa", 2), "", soon()));
        var second = scheduler.start("there", () -> there.launch(launch("bb", 2), "", soon()));
        first.result().get();
        second.result().get();

        List<Machine> all = ok(here.list(soon()));

        assertThat(all.stream().map(Machine::id).collect(Collectors.toSet())).hasSize(2);
    }

    @Test
    void letsOneLogInToWhatWasClaimed() throws Exception {
        Machine machine = ok(here.launch(launch("aa", 1), "", soon())).getFirst();

        Target target =
                new Target(
                        machine.id(),
                        machine.address().orElseThrow(),
                        machine.token().orElseThrow());

        ok(shells.connect(target, soon())).close();
    }

    @Test
    void doesNotSayThatNobodyIsFreeWhenAHostDoesNotAnswer() throws Exception {
        ok(here.launch(launch("aa", 1), "", soon()));
        two.close();

        assertThat(failure(here.launch(launch("bb", 1), "", soon())).kind())
                .isEqualTo(Failure.Kind.INFRASTRUCTURE);
    }

    @Test
    void claimsAnotherHostWhileOneIsSilent() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var identity =
                    Login.read(
                            silent.getLocalPort(),
                            "spate",
                            LoopbackMachine.KEYS.hostKey(LoopbackMachine.TOKEN).publicLine(),
                            directory.resolve("identity"));
            Map<String, Login> logins =
                    Map.of("off", identity, "one", login(one, directory.resolve("identity")));
            try (SshShells other =
                    new SshShells(
                            SshSettings.DEFAULT,
                            Logins.listed(logins),
                            scheduler,
                            FleetEvents.NONE)) {
                HostsCloud cloud = cloud(other, "off", "one");

                assertThat(ok(cloud.launch(launch("aa", 1), "", soon())))
                        .extracting(machine -> machine.id().value())
                        .allMatch(id -> id.startsWith("one:"));
            }
        }
    }

    private HostsCloud cloud() {
        return cloud(shells, "one", "two");
    }

    private HostsCloud cloud(SshShells shells, String... names) {
        return new HostsCloud(
                new HostsSettings(
                        "group",
                        Stream.of(names).map(name -> new Host(name, "127.0.0.1")).toList()),
                new SshClaims(shells),
                scheduler);
    }

    private static Login login(LoopbackMachine machine, Path identity) {
        return Login.read(
                machine.server.getPort(),
                "spate",
                LoopbackMachine.KEYS.hostKey(LoopbackMachine.TOKEN).publicLine(),
                identity);
    }

    private static Launch launch(String token, int count) {
        return new Launch(
                new LaunchToken(token.repeat(32)),
                0,
                new MachineSpec(
                        "any",
                        List.of("host.any"),
                        Market.ON_DEMAND,
                        Optional.empty(),
                        Optional.empty()),
                "any",
                new Pool(Market.ON_DEMAND, "host.any", Optional.empty()),
                count,
                Duration.ofHours(1),
                Instant.EPOCH.plusSeconds(3600),
                Optional.empty());
    }

    private Deadline soon() {
        return Deadline.after(scheduler, Duration.ofSeconds(20));
    }
}
