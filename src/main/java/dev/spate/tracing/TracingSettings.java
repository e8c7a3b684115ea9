package dev.spate.tracing;

import java.net.URI;
import java.util.Set;

/**
 * Where traces go. The rest, such as headers and certificates, is told to OpenTelemetry by its own
 * environment variables.
 *
 * @param endpoint of a collector that takes OTLP over HTTP, without {@code /v1/traces}
 * @param group the workers' group, told with every trace
 */
public record TracingSettings(URI endpoint, String group) {

    private static final Set<String> SCHEMES = Set.of("http", "https");

    public TracingSettings {
        if (endpoint.getHost() == null || !SCHEMES.contains(endpoint.getScheme())) {
            throw new IllegalArgumentException(
                    "endpoint: expected http://HOST:PORT or https://HOST:PORT, found " + endpoint);
        }
    }
}
