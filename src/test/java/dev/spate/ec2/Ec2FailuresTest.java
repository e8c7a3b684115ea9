package dev.spate.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.job.Failure.Kind;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

final class Ec2FailuresTest {

    @ParameterizedTest
    @CsvSource({
        "400, InsufficientInstanceCapacity, CAPACITY, false",
        "500, InsufficientInstanceCapacity, CAPACITY, false",
        "500, Server.InsufficientInstanceCapacity, CAPACITY, false",
        "400, InsufficientHostCapacity, CAPACITY, false",
        "400, UnfulfillableCapacity, CAPACITY, false",
        "400, Unsupported, CAPACITY, false",
        "400, SpotMaxPriceTooLow, CAPACITY, false",
        "400, VcpuLimitExceeded, QUOTA, false",
        "400, InstanceLimitExceeded, QUOTA, false",
        "400, MaxSpotInstanceCountExceeded, QUOTA, false",
        "503, RequestLimitExceeded, THROTTLED, true",
        "400, Throttling, THROTTLED, true",
        "400, InvalidAMIID.NotFound, INVALID, false",
        "400, InvalidAMIID.Malformed, INVALID, false",
        "400, InvalidParameterValue, INVALID, false",
        "400, InvalidInstanceType, INVALID, false",
        "400, InvalidSomethingNew, INVALID, false",
        "500, InternalError, INFRASTRUCTURE, true",
        "503, Unavailable, INFRASTRUCTURE, true",
        "502, , INFRASTRUCTURE, true",
        "400, SomethingNew, INFRASTRUCTURE, true",
        "400, ExpiredToken, INFRASTRUCTURE, false",
        "400, RequestExpired, INFRASTRUCTURE, false",
        "401, AuthFailure, INFRASTRUCTURE, false",
        "403, UnauthorizedOperation, INFRASTRUCTURE, false",
        "403, AuthFailure.ServiceLinkedRoleCreationNotPermitted, INFRASTRUCTURE, false",
        "400, InvalidGroup.NotFound, INFRASTRUCTURE, false",
        "400, InvalidSecurityGroupID.NotFound, INFRASTRUCTURE, false",
        "400, IdempotentParameterMismatch, INFRASTRUCTURE, false",
        "400, IdempotentInstanceTerminated, LOST, false"
    })
    void knowsWhatEc2Means(int status, String code, Kind kind, boolean isRepeatable) {
        Ec2Error error = Ec2Failures.of(Ec2Action.RUN_INSTANCES, refusal(status, code, "why"));

        assertThat(error.failure().kind()).isEqualTo(kind);
        assertThat(error.isRepeatable()).isEqualTo(isRepeatable);
    }

    @Test
    void takesTimeOutsAndBrokenConnectionsForUnknownOutcomes() {
        Ec2Error late = Ec2Failures.of(Ec2Action.RUN_INSTANCES, new TimeoutException());
        Ec2Error broken =
                Ec2Failures.of(
                        Ec2Action.RUN_INSTANCES,
                        SdkClientException.create("no", new IOException("closed")));

        assertThat(late.failure().kind()).isEqualTo(Kind.INFRASTRUCTURE);
        assertThat(late.code()).isEqualTo("timeout");
        assertThat(late.isRepeatable()).isTrue();
        assertThat(broken.code()).isEqualTo("connection");
        assertThat(broken.isRepeatable()).isTrue();
    }

    @Test
    void doesNotRepeatWithoutCredentials() {
        Ec2Error error =
                Ec2Failures.of(
                        Ec2Action.RUN_INSTANCES,
                        SdkClientException.create("Unable to load credentials from any …"));

        assertThat(error.code()).isEqualTo("credentials");
        assertThat(error.isRepeatable()).isFalse();
        assertThat(error.failure().message()).startsWith("RunInstances: no AWS credentials");
    }

    @Test
    void takesAWrongInstanceProfileForTheConfigurationsMistake() {
        Ec2Error error =
                Ec2Failures.of(
                        Ec2Action.RUN_INSTANCES,
                        refusal(
                                400,
                                "InvalidParameterValue",
                                "Value (x) for parameter iamInstanceProfile.name is invalid."));

        assertThat(error.failure().kind()).isEqualTo(Kind.INFRASTRUCTURE);
        assertThat(error.isRefusal()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "403, UnauthorizedOperation, true",
        "401, AuthFailure, true",
        "400, InvalidSubnetID.NotFound, true",
        "400, IdempotentParameterMismatch, false",
        "500, InternalError, false",
        "400, SomethingNew, false",
        "503, RequestLimitExceeded, false"
    })
    void tellsARefusalFromADoubt(int status, String code, boolean isRefusal) {
        assertThat(
                        Ec2Failures.of(Ec2Action.RUN_INSTANCES, refusal(status, code, "why"))
                                .isRefusal())
                .isEqualTo(isRefusal);
    }

    @Test
    void countsCodesNobodyKnowsTogether() {
        Ec2Error error =
                Ec2Failures.of(Ec2Action.RUN_INSTANCES, refusal(400, "SomethingNew", "why"));

        assertThat(error.code()).isEqualTo("other");
        assertThat(error.failure().message()).isEqualTo("RunInstances: SomethingNew: why");
    }

    @Test
    void leavesTheUnreadablePartOfADenialOut() {
        Ec2Error error =
                Ec2Failures.of(
                        Ec2Action.TERMINATE_INSTANCES,
                        refusal(
                                403,
                                "UnauthorizedOperation",
                                "You may not. Encoded authorization failure message: aGVsbG8"));

        assertThat(error.failure().message())
                .isEqualTo("TerminateInstances: UnauthorizedOperation: You may not.");
    }

    @ParameterizedTest
    @CsvSource({
        "Server.SpotInstanceTermination, LOST",
        "Server.InsufficientInstanceCapacity, CAPACITY",
        "Server.InternalError, INFRASTRUCTURE",
        "Client.InternalError, INFRASTRUCTURE",
        "Client.VolumeLimitExceeded, QUOTA",
        "Client.InstanceInitiatedShutdown, LOST",
        "Client.UserInitiatedShutdown, LOST",
        "Server.SomethingNew, LOST"
    })
    void knowsWhyMachinesEnd(String reason, Kind kind) {
        assertThat(Ec2Failures.ended(Optional.of(reason), Optional.empty()).kind()).isEqualTo(kind);
    }

    private static Ec2Exception refusal(int status, String code, String message) {
        return (Ec2Exception)
                Ec2Exception.builder()
                        .statusCode(status)
                        .awsErrorDetails(
                                AwsErrorDetails.builder()
                                        .errorCode(code)
                                        .errorMessage(message)
                                        .build())
                        .message(message)
                        .build();
    }
}
