package dev.spate.local;

import static dev.spate.local.CloudFixture.quick;
import static dev.spate.local.CloudFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.model.Filter;

/** What goes wrong with calls, as the real SDK sees it. */
final class CallFaultsIT {
    @TempDir Path directory;

    @Test
    void anUnreachableCloudDoesNothingAndComesBack() throws IOException {
        try (CloudFixture cloud = new CloudFixture(quick(directory))) {
            cloud.cloud().set("faults.unreachable", "1");

            assertThat(refusal(() -> cloud.launch(r -> {}))).contains("SdkClientException");
            assertThat(cloud.cloud().machines()).isEmpty();

            cloud.cloud().set("faults.unreachable", "0");
            assertThat(cloud.launch(r -> {}).instances()).hasSize(1);
        }
    }

    @Test
    void refusesCallsThatComeTooOftenOrFromNobody() throws IOException {
        try (CloudFixture cloud =
                new CloudFixture(quick(directory).with("faults.throttled", "1"))) {
            assertThat(refusal(() -> cloud.launch(r -> {}))).isEqualTo("RequestLimitExceeded");

            cloud.cloud().set("faults.throttled", "0");
            cloud.cloud().set("faults.expiredCredentials", "1");
            assertThat(refusal(() -> cloud.launch(r -> {}))).isEqualTo("RequestExpired");
            assertThat(cloud.cloud().machines()).isEmpty();
        }
    }

    @Test
    void hasNoMachinesForALaunchWhateverItsCapacity() throws IOException {
        try (CloudFixture cloud =
                new CloudFixture(quick(directory).with("faults.noCapacity", "1"))) {
            assertThat(refusal(() -> cloud.launch(r -> {})))
                    .isEqualTo("InsufficientInstanceCapacity");
            assertThat(cloud.describe(r -> {})).isEmpty();
        }
    }

    @Test
    void takesARepeatedLaunchForAnotherAndStillTellsWhatTheTokenBrought() throws IOException {
        try (CloudFixture cloud =
                new CloudFixture(quick(directory).with("faults.tokenMismatch", "1"))) {
            String id = cloud.launch(r -> r.clientToken("t")).instances().getFirst().instanceId();

            assertThat(refusal(() -> cloud.launch(r -> r.clientToken("t"))))
                    .isEqualTo("IdempotentParameterMismatch");
            Filter byToken = Filter.builder().name("client-token").values("t").build();
            assertThat(cloud.describe(r -> r.filters(byToken)).getFirst().instanceId())
                    .isEqualTo(id);
        }
    }

    @Test
    void leavesMachinesAloneThatNobodyMayEndOrThatItDoesNotFind() throws IOException {
        try (CloudFixture cloud =
                new CloudFixture(quick(directory).with("faults.terminateDenied", "1"))) {
            String id = cloud.launch(r -> {}).instances().getFirst().instanceId();
            cloud.awaitState(id, "running");
            Runnable terminate =
                    () -> cloud.ec2().terminateInstances(r -> r.instanceIds(id)).join();

            assertThat(refusal(terminate)).isEqualTo("UnauthorizedOperation");
            cloud.cloud().set("faults.terminateDenied", "0");
            cloud.cloud().set("faults.terminateNotFound", "1");
            assertThat(refusal(terminate)).isEqualTo("InvalidInstanceID.NotFound");
            assertThat(cloud.describe(id).state().nameAsString()).isEqualTo("running");

            cloud.cloud().set("faults.terminateNotFound", "0");
            terminate.run();
            cloud.awaitState(id, "terminated");
        }
    }

    @Test
    void aLaunchThatIsRepeatedWhenItsMachineIsGoneBringsTheTerminatedOne() throws IOException {
        try (CloudFixture cloud = new CloudFixture(quick(directory))) {
            String id = cloud.launch(r -> r.clientToken("t")).instances().getFirst().instanceId();
            cloud.ec2().terminateInstances(r -> r.instanceIds(id)).join();
            cloud.awaitState(id, "terminated");

            var again = cloud.launch(r -> r.clientToken("t")).instances().getFirst();
            assertThat(again.instanceId()).isEqualTo(id);
            assertThat(again.state().nameAsString()).isEqualTo("terminated");
        }
    }

    @Test
    void aMachineMayStayPendingForEver() throws Exception {
        try (CloudFixture cloud =
                new CloudFixture(quick(directory).with("faults.stuckPending", "1"))) {
            String stuck = cloud.launch(r -> {}).instances().getFirst().instanceId();
            cloud.cloud().set("faults.stuckPending", "0");
            String other = cloud.launch(r -> {}).instances().getFirst().instanceId();
            cloud.awaitState(other, "running");

            assertThat(cloud.describe(stuck).state().nameAsString()).isEqualTo("pending");
        }
    }

    @Test
    void changesItsWeatherOverHttp() throws Exception {
        try (CloudFixture cloud = new CloudFixture(quick(directory))) {
            assertThat(put(cloud, "/settings/faults.lostReply", "0.25").statusCode())
                    .isEqualTo(200);
            assertThat(cloud.cloud().weather().faults().of(Fault.LOST_REPLY)).isEqualTo(0.25);
            assertThat(put(cloud, "/settings/capacity.*%2Ft3.small%2F*", "2").statusCode())
                    .isEqualTo(200);
            assertThat(cloud.cloud().weather().limits().capacity())
                    .containsEntry("*/t3.small/*", 2);

            HttpResponse<String> wrong = put(cloud, "/settings/faults.rain", "1");
            assertThat(wrong.statusCode()).isEqualTo(400);
            assertThat(wrong.body()).contains("faults.rain");
        }
    }

    private static HttpResponse<String> put(CloudFixture cloud, String path, String value)
            throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create(cloud.cloud().endpoint() + path);
            return http.send(
                    HttpRequest.newBuilder(uri)
                            .PUT(HttpRequest.BodyPublishers.ofString(value))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
