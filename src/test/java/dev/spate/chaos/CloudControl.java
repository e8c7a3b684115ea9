package dev.spate.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Speaks to the simulated cloud: as whoever makes its weather, and as others of the account. */
final class CloudControl implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int TRIES_MAX = 10;
    private static final Pattern IMAGE = Pattern.compile("<imageId>(ami-[0-9a-f]+)</imageId>");
    private static final Pattern INSTANCE = Pattern.compile("<instanceId>(i-[0-9a-f]+)<");
    private static final Pattern STATE = Pattern.compile("<name>([a-z-]+)</name>");

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI endpoint;

    CloudControl(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** Changes the weather. */
    void set(String name, String value) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(
                                endpoint.resolve(
                                        "/settings/"
                                                + URLEncoder.encode(name, StandardCharsets.UTF_8)))
                        .timeout(TIMEOUT)
                        .PUT(HttpRequest.BodyPublishers.ofString(value))
                        .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("cloud setting " + name + ": " + response.body());
        }
    }

    /**
     * Launches machines that are not the group's, each a little more like one of it than the last.
     *
     * @return their ids
     */
    List<String> launchForeign(String group) throws IOException, InterruptedException {
        Matcher image =
                IMAGE.matcher(
                        call(
                                Map.of(
                                        "Action", "DescribeImages",
                                        "Filter.1.Name", "name",
                                        "Filter.1.Value.1", "*amd64*")));
        if (!image.find()) {
            throw new IOException("the cloud has no images");
        }
        List<Map<String, String>> tagged =
                List.of(
                        Map.of(),
                        Map.of("Name", "database"),
                        Map.of("spate:shard", "0", "spate:launch", "0".repeat(64)),
                        Map.of("spate:group", group + "-2", "spate:shard", "0"),
                        Map.of("spate:group", group.toUpperCase(java.util.Locale.ROOT)));
        List<String> ids = new ArrayList<>();
        for (Map<String, String> tags : tagged) {
            ids.add(launch(image.group(1), tags, ids.size()));
        }
        return ids;
    }

    private String launch(String image, Map<String, String> tags, int number)
            throws IOException, InterruptedException {
        Map<String, String> form = new TreeMap<>();
        form.put("Action", "RunInstances");
        form.put("ImageId", image);
        form.put("InstanceType", "t3.small");
        form.put("ClientToken", "foreign-" + number);
        form.put("TagSpecification.1.ResourceType", "instance");
        int tag = 1;
        for (Map.Entry<String, String> entry : tags.entrySet()) {
            form.put("TagSpecification.1.Tag." + tag + ".Key", entry.getKey());
            form.put("TagSpecification.1.Tag." + tag + ".Value", entry.getValue());
            tag++;
        }
        Matcher instance = INSTANCE.matcher(call(form));
        if (!instance.find()) {
            throw new IOException("no instance was launched");
        }
        return instance.group(1);
    }

    /** The state of a machine, as the API tells it. */
    String state(String id) throws IOException, InterruptedException {
        Matcher state =
                STATE.matcher(call(Map.of("Action", "DescribeInstances", "InstanceId.1", id)));
        return state.find() ? state.group(1) : "unknown";
    }

    /** The weather may be bad for this, too. */
    private String call(Map<String, String> form) throws IOException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return once(form);
            } catch (IOException failure) {
                if (tries == TRIES_MAX) {
                    throw failure;
                }
            }
        }
    }

    private String once(Map<String, String> form) throws IOException, InterruptedException {
        String body =
                form.entrySet().stream()
                        .map(
                                field ->
                                        field.getKey()
                                                + "="
                                                + URLEncoder.encode(
                                                        field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        HttpResponse<String> response =
                http.send(
                        HttpRequest.newBuilder(endpoint)
                                .timeout(TIMEOUT)
                                .header("Authorization", "somebody else")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(form.get("Action") + ": " + response.body());
        }
        return response.body();
    }

    @Override
    public void close() {
        http.close();
    }
}
