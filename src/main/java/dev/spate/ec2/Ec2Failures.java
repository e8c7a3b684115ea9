package dev.spate.ec2;

import dev.spate.job.Failure;
import dev.spate.job.Failure.Kind;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/**
 * What EC2's error codes, and the SDK's exceptions, mean to a job. The one place that knows.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html">Error
 *     codes for the Amazon EC2 API</a>
 */
final class Ec2Failures {

    /** A launch repeated with other parameters. */
    static final String MISMATCH = "IdempotentParameterMismatch";

    /** A launch repeated after its machines were terminated. */
    static final String TERMINATED = "IdempotentInstanceTerminated";

    /** A security group is not there, or not yet: named in the default VPC, and by its id. */
    static final List<String> NO_GROUP =
            List.of("InvalidGroup.NotFound", "InvalidSecurityGroupID.NotFound");

    /** A security group is there already. */
    static final String DUPLICATE_GROUP = "InvalidGroup.Duplicate";

    /** A rule of a security group is there already. */
    static final String DUPLICATE_RULE = "InvalidPermission.Duplicate";

    /** EC2 did not answer in time. */
    static final String TIMEOUT = "timeout";

    /** There is no way to EC2, or the connection broke. */
    static final String CONNECTION = "connection";

    /** There is nothing to sign a call with. */
    static final String CREDENTIALS = "credentials";

    /** What came back is no answer of EC2's. */
    static final String MALFORMED = "malformed";

    /** The call could not be made at all. */
    static final String CLIENT = "client";

    /** A code that is not in the table: metrics must not grow with what a server thinks of. */
    static final String OTHER = "other";

    private static final int SERVER_ERROR = 500;

    private static final Map<String, Kind> KINDS = kinds();

    /** The worker's configuration or credentials: the same call again fails the same way. */
    private static final List<String> OPERATORS =
            List.of(
                    "UnauthorizedOperation",
                    "AccessDenied",
                    "AccessDeniedException",
                    "ExpiredToken",
                    "ExpiredTokenException",
                    "RequestExpired",
                    "InvalidClientTokenId",
                    "UnrecognizedClientException",
                    "SignatureDoesNotMatch",
                    "MissingAuthenticationToken",
                    "IncompleteSignature",
                    "OptInRequired",
                    "Blocked",
                    "OperationNotPermitted",
                    "InvalidGroup.NotFound",
                    "InvalidSecurityGroupID.NotFound",
                    "InvalidSecurityGroupID.Malformed",
                    DUPLICATE_GROUP,
                    DUPLICATE_RULE,
                    "InvalidGroupId.Malformed",
                    "InvalidSubnetID.NotFound",
                    "InvalidSubnetID.Malformed",
                    "InvalidVpcID.NotFound",
                    "VPCIdNotSpecified",
                    "MissingInput",
                    "InvalidIamInstanceProfileArn.Malformed",
                    MISMATCH);

    /** Comes alone, and as AuthFailure.ServiceLinkedRoleCreationNotPermitted and others. */
    private static final String AUTHENTICATION = "AuthFailure";

    /** What EC2 calls the instance profile, which is the configuration's, never a job's. */
    private static final String PROFILE_PARAMETER = "iamInstanceProfile";

    private static final List<String> INVALID_PREFIXES =
            List.of("Invalid", "Missing", "Unknown", "Malformed", "Validation");

    /** A blob of a kilobyte that only AWS can read. */
    private static final Pattern ENCODED =
            Pattern.compile("\\s*Encoded authorization failure message: \\S+");

    private Ec2Failures() {}

    /** What an exception of the SDK's means; the causes in which the SDK wraps it count. */
    static Ec2Error of(Ec2Action action, Throwable thrown) {
        AwsServiceException refused = find(thrown, AwsServiceException.class);
        if (refused != null) {
            return refused(action, refused);
        }
        String text = String.valueOf(thrown.getMessage());
        if (find(thrown, TimeoutException.class) != null
                || find(thrown, ApiCallTimeoutException.class) != null
                || find(thrown, ApiCallAttemptTimeoutException.class) != null) {
            return infrastructure(action, TIMEOUT, "EC2 did not answer in time", text, true);
        }
        if (find(thrown, IOException.class) != null || text.contains("UnknownHostException")) {
            return infrastructure(action, CONNECTION, "no connection to EC2", text, true);
        }
        if (text.contains("credentials")) {
            return infrastructure(action, CREDENTIALS, "no AWS credentials", text, false);
        }
        if (text.contains("parse")) {
            return malformed(action, text);
        }
        return infrastructure(action, CLIENT, "the call was not made", text, false);
    }

    /** The action's own rate limit leaves no time for the call. */
    static Ec2Error notSent(Ec2Action action) {
        String text = "too many calls are waiting for their turn";
        Failure failure = new Failure(Kind.THROTTLED, action.word() + ": " + text);
        return new Ec2Error("own-limit", text, failure, false, false);
    }

    /** What came back is no answer of EC2's: a proxy's page, or half an answer. */
    static Ec2Error malformed(Ec2Action action, String text) {
        return infrastructure(action, MALFORMED, "an answer that is not EC2's", text, true);
    }

    /**
     * Why a machine is going or gone.
     *
     * @param code its state reason's code, such as {@code Server.SpotInstanceTermination}
     * @param message its state reason's message
     * @see <a
     *     href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html">StateReason</a>
     */
    static Failure ended(Optional<String> code, Optional<String> message) {
        String reason = code.orElse("");
        Kind kind =
                switch (reason) {
                    case "Server.InsufficientInstanceCapacity" -> Kind.CAPACITY;
                    case "Client.VolumeLimitExceeded" -> Kind.QUOTA;
                    case "Server.InternalError", "Client.InternalError" -> Kind.INFRASTRUCTURE;
                    case "Client.InvalidSnapshot.NotFound" -> Kind.INVALID;
                    // Spot interruptions, shutdowns from within and without, and whatever comes.
                    default -> Kind.LOST;
                };
        String what =
                switch (reason) {
                    case "Server.SpotInstanceTermination", "Server.SpotInstanceShutdown" ->
                            "EC2 took the spot machine back";
                    case "Client.InstanceInitiatedShutdown" -> "the machine shut itself down";
                    case "Client.UserInitiatedShutdown" -> "somebody terminated the machine";
                    case "" -> "the machine ended";
                    default -> "EC2 ended the machine";
                };
        return new Failure(kind, what + code.map(" (%s)"::formatted).orElse("") + tail(message));
    }

    private static String tail(Optional<String> message) {
        return message.filter(text -> !text.isBlank()).map(": "::concat).orElse("");
    }

    private static Ec2Error refused(Ec2Action action, AwsServiceException refused) {
        String given = code(refused);
        String text = ENCODED.matcher(text(refused)).replaceAll("");
        boolean isServers = refused.statusCode() >= SERVER_ERROR;
        boolean isOperators = isOperators(given, text);
        Kind kind = isOperators ? Kind.INFRASTRUCTURE : kind(given, isServers);
        boolean isRepeatable =
                kind == Kind.THROTTLED || (kind == Kind.INFRASTRUCTURE && !isOperators);
        boolean isRefusal = isOperators && !given.equals(MISMATCH);
        boolean isKnown = KINDS.containsKey(given) || OPERATORS.contains(given);
        String code = isKnown || isCommon(given) ? given : isServers ? "5xx" : OTHER;
        Failure failure = new Failure(kind, "%s: %s: %s".formatted(action.word(), given, text));
        return new Ec2Error(code, text, failure, isRepeatable, isRefusal);
    }

    /** Whether somebody has to change the worker's configuration, credentials or permissions. */
    private static boolean isOperators(String code, String text) {
        return OPERATORS.contains(code)
                || code.equals(AUTHENTICATION)
                || code.startsWith(AUTHENTICATION + ".")
                || (code.startsWith("InvalidParameter") && text.contains(PROFILE_PARAMETER));
    }

    /** The kinds of EC2's codes, as far as the table knows them. */
    private static Kind kind(String code, boolean isServers) {
        Kind known = KINDS.get(code);
        if (known != null) {
            return known;
        }
        if (isServers) {
            return Kind.INFRASTRUCTURE;
        }
        boolean isInvalid = INVALID_PREFIXES.stream().anyMatch(code::startsWith);
        // Better tried again for a while than a job refused for a code nobody has heard of.
        return isInvalid ? Kind.INVALID : Kind.INFRASTRUCTURE;
    }

    private static boolean isCommon(String code) {
        return code.startsWith("InvalidInstanceID.")
                || code.startsWith("InvalidAMIID.")
                || code.equals(AUTHENTICATION);
    }

    private static String code(AwsServiceException refused) {
        var details = refused.awsErrorDetails();
        String code = details == null ? null : details.errorCode();
        if (code == null || code.isBlank()) {
            return String.valueOf(refused.statusCode());
        }
        // The API's older versions say whose fault it was in the code.
        return code.replaceFirst("^(Client|Server)\\.", "");
    }

    private static String text(AwsServiceException refused) {
        var details = refused.awsErrorDetails();
        String text = details == null ? null : details.errorMessage();
        return text == null ? String.valueOf(refused.getMessage()) : text;
    }

    private static Ec2Error infrastructure(
            Ec2Action action, String code, String what, String text, boolean isRepeatable) {
        String message = "%s: %s: %s".formatted(action.word(), what, text);
        // Without credentials nothing is sent at all.
        boolean isRefusal = code.equals(CREDENTIALS);
        Failure failure = new Failure(Kind.INFRASTRUCTURE, message);
        return new Ec2Error(code, text, failure, isRepeatable, isRefusal);
    }

    private static <T extends Throwable> @Nullable T find(Throwable thrown, Class<T> type) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < 20; depth++, cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    private static Map<String, Kind> kinds() {
        Map<String, Kind> kinds = new HashMap<>();
        for (String code :
                List.of(
                        "InsufficientInstanceCapacity",
                        "InsufficientHostCapacity",
                        "InsufficientReservedInstanceCapacity",
                        "InsufficientCapacity",
                        "InsufficientVolumeCapacity",
                        "InsufficientAddressCapacity",
                        "InsufficientFreeAddressesInSubnet",
                        "UnfulfillableCapacity",
                        "Unsupported",
                        "UnsupportedHostConfiguration",
                        "SpotMaxPriceTooLow")) {
            kinds.put(code, Kind.CAPACITY);
        }
        for (String code :
                List.of(
                        "VcpuLimitExceeded",
                        "InstanceLimitExceeded",
                        "MaxSpotInstanceCountExceeded",
                        "VolumeLimitExceeded",
                        "MaxIOPSLimitExceeded",
                        "NetworkInterfaceLimitExceeded",
                        "AddressLimitExceeded",
                        "SecurityGroupLimitExceeded",
                        "ResourceLimitExceeded",
                        "ResourceCountExceeded",
                        "PendingVerification")) {
            kinds.put(code, Kind.QUOTA);
        }
        for (String code :
                List.of(
                        "RequestLimitExceeded",
                        "Throttling",
                        "ThrottlingException",
                        "ThrottledException",
                        "RequestThrottled",
                        "RequestThrottledException",
                        "TooManyRequestsException",
                        "EC2ThrottledException",
                        "BandwidthLimitExceeded",
                        "SlowDown")) {
            kinds.put(code, Kind.THROTTLED);
        }
        for (String code :
                List.of(
                        "InvalidParameterValue",
                        "InvalidParameterCombination",
                        "InvalidParameter",
                        "InvalidInstanceType",
                        "InvalidBlockDeviceMapping",
                        "InvalidUserData.Malformed",
                        "InvalidInput",
                        "MissingParameter",
                        "UnknownParameter",
                        "ValidationError",
                        "UnsupportedOperation")) {
            kinds.put(code, Kind.INVALID);
        }
        for (String code :
                List.of("InternalError", "InternalFailure", "ServiceUnavailable", "Unavailable")) {
            kinds.put(code, Kind.INFRASTRUCTURE);
        }
        kinds.put(TERMINATED, Kind.LOST);
        return Map.copyOf(kinds);
    }
}
