package dev.spate.local;

import java.io.Serial;

/**
 * An API call that is refused, as EC2 refuses it. Thrown by whatever notices, however deep;
 * answered by the {@link QueryEndpoint} alone.
 */
final class ApiException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    private ApiException(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    /** The caller's mistake: HTTP 400. */
    static ApiException client(String code, String message) {
        return new ApiException(400, code, message);
    }

    /** With a status of its own. */
    static ApiException withStatus(int status, String code, String message) {
        return new ApiException(status, code, message);
    }

    static ApiException missing(String parameter) {
        return client("MissingParameter", "The request must contain the parameter " + parameter);
    }

    static ApiException invalid(String parameter, String value) {
        return client(
                "InvalidParameterValue",
                "Value (" + value + ") for parameter " + parameter + " is invalid.");
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
