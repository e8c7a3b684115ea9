package dev.spate.local;

import static dev.spate.local.CloudFixture.PATIENCE;
import static dev.spate.local.CloudFixture.quick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.MarketType;

/** What goes wrong with machines, as one who logs in sees it. */
final class MachineFaultsIT {
    private static final Duration A_WHILE = Duration.ofMillis(500);

    @TempDir Path directory;

    private final Guests guests = new Guests();

    @AfterEach
    void close() {
        guests.close();
    }

    @Test
    void aMuteMachineTakesConnectionsAndSaysNothing() throws IOException {
        try (CloudFixture cloud = with("faults.muteSshd")) {
            String address = cloud.awaitSshd(launch(cloud));
            try (Socket socket = new Socket(address, cloud.cloud().sshPort())) {
                socket.setSoTimeout(Math.toIntExact(A_WHILE.toMillis()));
                assertThatThrownBy(() -> socket.getInputStream().read())
                        .isInstanceOf(SocketTimeoutException.class);
            }
        }
    }

    @Test
    void aSlowMachineListensLater() throws IOException {
        try (CloudFixture cloud =
                new CloudFixture(
                        quick(directory)
                                .with("faults.slowSshd", "1")
                                .with("delays.slowSshd", "2s"))) {
            Instance instance = launch(cloud);
            cloud.awaitState(instance.instanceId(), "running");
            assertThatThrownBy(
                            () ->
                                    new Socket(instance.privateIpAddress(), cloud.cloud().sshPort())
                                            .close())
                    .isInstanceOf(IOException.class);

            assertThat(run(cloud, cloud.awaitSshd(instance), "echo at last")).isEqualTo("at last");
        }
    }

    @Test
    void sessionsBreakAndProcessesDoNot() throws IOException {
        try (CloudFixture cloud = with("faults.droppedSessions")) {
            String address = cloud.awaitSshd(launch(cloud));
            try (ClientSession session = guests.logIn(address, cloud.cloud().sshPort())) {
                Guests.run(
                        session, "setsid sleep 600 </dev/null >/dev/null 2>&1 & echo $! >pid", "");
                await().atMost(PATIENCE).until(() -> !session.isOpen());
            }

            assertThat(run(cloud, address, "kill -0 $(cat pid) && echo alive")).isEqualTo("alive");
        }
    }

    @Test
    void sessionsGoDeafAndNewOnesHear() throws IOException {
        try (CloudFixture cloud = with("faults.halfOpenSessions")) {
            String address = cloud.awaitSshd(launch(cloud));
            try (ClientSession session = guests.logIn(address, cloud.cloud().sshPort())) {
                await().atMost(PATIENCE).until(() -> !answers(session));
                assertThat(session.isOpen()).isTrue();

                assertThat(run(cloud, address, "echo here")).isEqualTo("here");
                session.close(true);
            }
        }
    }

    @Test
    void theOldestProcessThatNobodyWatchesIsKilled() throws IOException {
        try (CloudFixture cloud = with("faults.killedProcess")) {
            String address = cloud.awaitSshd(launch(cloud));
            run(
                    cloud,
                    address,
                    "setsid sleep 600 </dev/null >/dev/null 2>&1 & echo $! >pid; sleep 0.1");

            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    run(cloud, address, "kill -0 $(cat pid) || echo gone")
                                            .equals("gone"));
        }
    }

    @Test
    void aFullDiskTakesNoMoreAndSaysSo() throws IOException {
        try (CloudFixture cloud = with("faults.fullDisk")) {
            String address = cloud.awaitSshd(launch(cloud));

            assertThat(run(cloud, address, "echo small >small && cat small")).isEqualTo("small");
            assertThat(run(cloud, address, "head -c 3000000 /dev/zero >large || echo failed"))
                    .isEqualTo("failed");
            assertThat(run(cloud, address, "df -P -k . | tail -n 1")).contains(" 0 100%");
            assertThat(run(cloud, address, "rm large; df -P -k . | tail -n 1"))
                    .doesNotContain(" 0 100%");
        }
    }

    @Test
    void aWrongClockIsWrongAndUptimeIsNot() throws IOException {
        try (CloudFixture cloud = with("faults.wrongClock")) {
            String address = cloud.awaitSshd(launch(cloud));
            long here = System.currentTimeMillis() / 1_000;

            assertThat(Long.parseLong(run(cloud, address, "date +%s")))
                    .isGreaterThan(here + 86_400);
            assertThat(run(cloud, address, "cat /proc/uptime")).isNotEmpty();
        }
    }

    @Test
    void aSpotMachineIsGivenNoticeAndThenTakenAway() throws Exception {
        try (CloudFixture cloud = new CloudFixture(quick(directory).with("delays.notice", "2s"));
                HttpClient http = HttpClient.newHttpClient()) {
            Instance instance =
                    cloud.launch(
                                    r ->
                                            r.userData(guests.userData())
                                                    .instanceMarketOptions(
                                                            m -> m.marketType(MarketType.SPOT)))
                            .instances()
                            .getFirst();
            String address = cloud.awaitSshd(instance);
            String metadata = run(cloud, address, "echo $AWS_EC2_METADATA_SERVICE_ENDPOINT");
            assertThat(ask(http, metadata, "").statusCode()).isEqualTo(401);
            assertThat(ask(http, metadata, "simulated").statusCode()).isEqualTo(404);

            cloud.cloud().interrupt(instance.instanceId());

            HttpResponse<String> notice = ask(http, metadata, "simulated");
            assertThat(notice.statusCode()).isEqualTo(200);
            assertThat(notice.body()).contains("\"terminate\"");
            assertThat(run(cloud, address, "echo still here")).isEqualTo("still here");
            cloud.awaitState(instance.instanceId(), "terminated");
            assertThat(cloud.describe(instance.instanceId()).stateReason().code())
                    .isEqualTo("Server.SpotInstanceTermination");
        }
    }

    @Test
    void givesATokenOnlyToThoseWhoPutForIt() throws Exception {
        try (CloudFixture cloud = new CloudFixture(quick(directory));
                HttpClient http = HttpClient.newHttpClient()) {
            String id = launch(cloud).instanceId();
            URI uri =
                    URI.create(cloud.cloud().endpoint() + "/machines/" + id + "/latest/api/token");
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(uri)
                            .header("X-aws-ec2-metadata-token-ttl-seconds", "60");
            HttpRequest put = request.PUT(HttpRequest.BodyPublishers.noBody()).build();
            HttpRequest get = request.GET().build();

            assertThat(http.send(put, HttpResponse.BodyHandlers.ofString()).body())
                    .isEqualTo("simulated");
            assertThat(http.send(get, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(400);
        }
    }

    private static HttpResponse<String> ask(HttpClient http, String metadata, String token)
            throws Exception {
        URI uri = URI.create(metadata + "/latest/meta-data/spot/instance-action");
        return http.send(
                HttpRequest.newBuilder(uri).header("X-aws-ec2-metadata-token", token).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** A cloud in which one thing always goes wrong, and soon. */
    private CloudFixture with(String fault) throws IOException {
        return new CloudFixture(quick(directory).with(fault, "1").with("delays.breakdown", "4s"));
    }

    private Instance launch(CloudFixture cloud) {
        // Breakdowns come late enough to have logged in before.
        String token =
                Stream.iterate(0, number -> number + 1)
                        .map(number -> "launch-" + number)
                        .filter(name -> new Chance(1).draw("breakdown/" + name + "/0") > 0.9)
                        .findFirst()
                        .orElseThrow();
        return cloud.launch(r -> r.clientToken(token).userData(guests.userData()))
                .instances()
                .getFirst();
    }

    private String run(CloudFixture cloud, String address, String command) throws IOException {
        return guests.run(address, cloud.cloud().sshPort(), command).out().strip();
    }

    private static boolean answers(ClientSession session) throws IOException {
        ChannelExec channel = session.createExecChannel("true");
        try {
            channel.open().await(A_WHILE);
            return channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), A_WHILE)
                    .contains(ClientChannelEvent.CLOSED);
        } finally {
            channel.close(true);
        }
    }
}
