package dev.spate.cli;

import dev.spate.async.Scheduler;
import dev.spate.job.Text;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Whether to ask a worker instead of Kafka. */
final class ApiOptions {

    @Option(
            names = "--api",
            paramLabel = "URL",
            description =
                    "Ask a worker's HTTP API, such as http://worker:9400, instead of Kafka"
                            + " (default: $$SPATE_API).")
    private Optional<String> url = Optional.empty();

    /** Where it is; empty if Kafka is to be asked. */
    Optional<URI> address(Terminal terminal) {
        return url.or(() -> variable(terminal, "SPATE_API")).map(ApiOptions::parse);
    }

    /** The API, if it is to be asked, for reading only. */
    Optional<WorkerApi> open(Terminal terminal, Scheduler scheduler) {
        return address(terminal).map(base -> new WorkerApi(base, Optional.empty(), scheduler));
    }

    /** A variable that is set, and not to nothing. */
    static Optional<String> variable(Terminal terminal, String name) {
        return Optional.ofNullable(terminal.environment().get(name))
                .filter(value -> !value.isBlank());
    }

    private static URI parse(String text) {
        try {
            URI uri = URI.create(text.endsWith("/") ? text : text + "/");
            if (uri.getRawUserInfo() != null) {
                throw Refusal.usage(
                        "--api: expected an address without a user's name or password; the API"
                                + " takes a token");
            }
            String scheme = uri.getScheme() == null ? "" : uri.getScheme();
            if (uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
                return uri;
            }
        } catch (IllegalArgumentException malformed) {
            // Told below.
        }
        throw Refusal.usage(
                "--api: expected an address such as http://worker:9400, found "
                        + Text.quoted(text));
    }

    /** The token that allows changes. */
    static final class TokenOption {

        private static final Pattern WRITABLE = Pattern.compile("[\\x21-\\x7e]+");

        @Option(
                names = "--token-file",
                paramLabel = "FILE",
                description =
                        "The file that has the API's token (default: $$SPATE_API_TOKEN_FILE, or"
                                + " $$SPATE_API_TOKEN itself).")
        private Optional<Path> file = Optional.empty();

        /**
         * The token, if there is one, as it may be sent to a worker: never to be read on its way.
         */
        Optional<String> read(Terminal terminal, URI worker) {
            Optional<String> token = read(terminal);
            if (token.isPresent() && !isPrivate(worker)) {
                throw Refusal.usage(
                        "--api: expected https, or an address of this machine, as there is a token"
                                + " that others could read, found "
                                + Text.quoted(worker.toString()));
            }
            return token;
        }

        private static boolean isPrivate(URI worker) {
            return worker.getScheme().equals("https")
                    || worker.getHost().equals("localhost")
                    || isLoopback(worker.getHost());
        }

        private static boolean isLoopback(String host) {
            try {
                return InetAddress.ofLiteral(host).isLoopbackAddress();
            } catch (IllegalArgumentException name) {
                return false;
            }
        }

        private Optional<String> read(Terminal terminal) {
            return file.or(() -> variable(terminal, "SPATE_API_TOKEN_FILE").map(Path::of))
                    .map(TokenOption::content)
                    .or(() -> variable(terminal, "SPATE_API_TOKEN"))
                    .map(String::strip)
                    .map(TokenOption::checked);
        }

        /** Anything else cannot be sent, and must not be shown. */
        private static String checked(String token) {
            if (!WRITABLE.matcher(token).matches()) {
                throw Refusal.usage(
                        "the API's token: expected visible ASCII characters without spaces, found"
                                + " others");
            }
            return token;
        }

        private static String content(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException unreadable) {
                throw Refusal.usage(
                        "--token-file: expected a readable file, found "
                                + Text.quoted(file.toString()));
            }
        }
    }
}
