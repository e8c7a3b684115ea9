package dev.spate.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.spate.ec2.Ec2Settings.Access;
import dev.spate.ec2.Ec2Settings.Address;
import dev.spate.ec2.Ec2Settings.Endpoint;
import dev.spate.ec2.Ec2Settings.Network;
import dev.spate.ec2.Ec2Settings.Rate;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class Ec2SettingsTest {

    @Test
    void givesJobsNoCredentialsAndLetsNobodyInFromOutsideByDefault() {
        Ec2Settings settings = Ec2Settings.of("bench");

        assertThat(settings.instanceProfile()).isEmpty();
        assertThat(settings.network().address()).isEqualTo(Address.PRIVATE);
        assertThat(settings.network().sshFrom())
                .containsExactly("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16");
        assertThat(settings.rate(Ec2Action.RUN_INSTANCES)).isEqualTo(new Rate(1, 3));
        assertThat(settings.callTimeout()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void namesTheGroupThatIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ec2Settings.of("a b"))
                .withMessageStartingWith("group: expected 1 to 100 letters")
                .withMessageEndingWith("found \"a b\"");
    }

    @Test
    void refusesMadeUpCredentialsForAws() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Endpoint(Optional.empty(), Optional.empty(), Access.SIMULATED))
                .withMessage("access: expected an endpoint beside SIMULATED, found none");
    }

    @Test
    void refusesEndpointsThatAreNotHttp() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.simulated(URI.create("ftp://127.0.0.1"), "sim-1"))
                .withMessage(
                        "endpoint: expected an http or https address, found \"ftp://127.0.0.1\"");
    }

    @Test
    void refusesSubnetsWithoutKnowingWhereTheirSecurityGroupGoes() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new Network(
                                        Address.PRIVATE,
                                        Optional.empty(),
                                        Map.of("eu-west-1a", "subnet-00000001"),
                                        List.of(),
                                        List.of("10.0.0.0/8"),
                                        22))
                .withMessage("subnets: expected vpc or securityGroups beside them, found neither");
    }

    @Test
    void refusesAVpcWithoutSubnetsForMachinesWouldGoElsewhere() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new Network(
                                        Address.PRIVATE,
                                        Optional.of("vpc-00000001"),
                                        Map.of(),
                                        List.of(),
                                        List.of("10.0.0.0/8"),
                                        22))
                .withMessage(
                        "vpc: expected subnets beside it, found none; set one for each zone that may"
                                + " be used");
    }

    @Test
    void refusesPublicAddressesThatNobodyOutsideMayReach() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reachable("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
                .withMessageStartingWith(
                        "sshFrom: expected a public network beside address PUBLIC, found 10.0.0.0/8,")
                .withMessageEndingWith(
                        "set the network the worker calls from, such as 203.0.113.7/32, or"
                                + " securityGroups");
        assertThat(reachable("10.0.0.0/8", "172.32.0.0/16").sshFrom()).hasSize(2);
    }

    private static Network reachable(String... sshFrom) {
        return new Network(
                Address.PUBLIC, Optional.empty(), Map.of(), List.of(), List.of(sshFrom), 22);
    }

    @Test
    void refusesRatesThatAreNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Rate(Double.NaN, 1))
                .withMessage("perSecond: expected above 0, at most 1000, found NaN");
    }
}
