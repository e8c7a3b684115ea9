package dev.spate.local;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The instance metadata service of all machines, in its version 2: whoever asks must have got a
 * token first. A machine finds it by {@code AWS_EC2_METADATA_SERVICE_ENDPOINT} in the environment
 * of its processes, not at 169.254.169.254, which is the host's.
 *
 * @param instances whose data it has
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html">Spot
 *     interruption notices</a>
 */
record Metadata(Instances instances) implements LocalHttp.Page {

    static final String PATH = "/machines/";

    private static final Pattern ITEM =
            Pattern.compile(PATH + "(i-[0-9a-f]{17})/latest/([a-z0-9/-]{1,100})");
    private static final String TOKEN_PATH = "api/token";
    private static final String TOKEN = "simulated";
    private static final String LIFETIME_HEADER = "X-aws-ec2-metadata-token-ttl-seconds";
    private static final String TOKEN_HEADER = "X-aws-ec2-metadata-token";

    @Override
    public Optional<LocalHttp.Reply> answer(LocalHttp.Request request) {
        Matcher item = ITEM.matcher(request.path());
        Optional<Instance> instance =
                item.matches() ? instances.find(item.group(1)) : Optional.empty();
        if (instance.isEmpty()) {
            return Optional.of(LocalHttp.Reply.plain(404, "Not Found"));
        }
        return Optional.of(
                item.group(2).equals(TOKEN_PATH)
                        ? token(request)
                        : item(request, instance.get(), item.group(2)));
    }

    private static LocalHttp.Reply token(LocalHttp.Request request) {
        boolean isInOrder =
                request.method().equals("PUT") && request.headers().containsKey(LIFETIME_HEADER);
        return isInOrder
                ? LocalHttp.Reply.plain(200, TOKEN)
                : LocalHttp.Reply.plain(400, "Bad Request");
    }

    private LocalHttp.Reply item(LocalHttp.Request request, Instance instance, String path) {
        if (!TOKEN.equals(request.headers().getFirst(TOKEN_HEADER))) {
            return LocalHttp.Reply.plain(401, "Unauthorized");
        }
        synchronized (instances) {
            Optional<String> value =
                    switch (path) {
                        case "meta-data/instance-id" -> Optional.of(instance.id());
                        case "meta-data/instance-type" ->
                                Optional.of(instance.launch().type().name());
                        case "meta-data/instance-life-cycle" ->
                                Optional.of(instance.launch().market());
                        case "meta-data/local-ipv4" ->
                                Optional.of(instance.address().getHostAddress());
                        case "meta-data/placement/availability-zone" ->
                                Optional.of(instance.zone());
                        case "meta-data/spot/instance-action" ->
                                instance.endNoticed()
                                        .map(
                                                "{\"action\":\"terminate\",\"time\":\"%s\"}"
                                                        ::formatted);
                        case "meta-data/spot/termination-time" ->
                                instance.endNoticed().map(Object::toString);
                        default -> Optional.empty();
                    };
            return value.map(text -> LocalHttp.Reply.plain(200, text))
                    .orElseGet(() -> LocalHttp.Reply.plain(404, "Not Found"));
        }
    }
}
