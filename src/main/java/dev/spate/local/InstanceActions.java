package dev.spate.local;

import dev.spate.local.Instance.Change;
import dev.spate.local.Instance.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The calls about instances. Each returns the ids of those it launched or changed.
 *
 * @param instances all there are
 */
record InstanceActions(Instances instances, Catalogue catalogue, Network network) {
    private static final Pattern INSTANCE_ID = Pattern.compile("i-([0-9a-f]{8}|[0-9a-f]{17})");

    /** EC2 returns at most the last 64 KB. */
    private static final int CONSOLE_BYTES_MAX = 65_536;

    List<String> runInstances(Form form, Xml xml) {
        LaunchRequest request = LaunchRequest.parse(form, catalogue, network);
        requireNoDryRun(form);
        synchronized (instances) {
            List<Instance> launched = instances.launch(request);
            xml.element("reservationId", launched.getFirst().reservationId())
                    .element("ownerId", Network.account())
                    .list("groupSet", List.<String>of(), (_, _) -> {})
                    .list(
                            "instancesSet",
                            launched,
                            (item, one) -> InstanceXml.write(item, one, one.current(), network));
            return launched.stream().map(Instance::id).toList();
        }
    }

    List<String> describeInstances(Form form, Xml xml) {
        List<String> ids = form.texts("InstanceId");
        int most = form.number("MaxResults", Integer.MAX_VALUE);
        if (form.text("MaxResults").isPresent() && (most < 5 || most > 1_000)) {
            throw ApiException.invalid("MaxResults", Integer.toString(most));
        }
        if (form.text("MaxResults").isPresent() && !ids.isEmpty()) {
            throw ApiException.client(
                    "InvalidParameterCombination",
                    "The parameter instancesSet cannot be used with the parameter maxResults");
        }
        synchronized (instances) {
            requireSeen(ids);
            List<Seen> seen = seen(form, ids);
            List<Seen> page = seen.stream().limit(most).toList();
            xml.list("reservationSet", reservations(page), this::writeReservation);
            if (page.size() < seen.size()) {
                xml.element("nextToken", "after-" + page.getLast().instance().number());
            }
        }
        return List.of();
    }

    /** An instance as a lagging read sees it. */
    private record Seen(Instance instance, Change change) {}

    private List<Seen> seen(Form form, List<String> ids) {
        Filters filters = Filters.of(form);
        long after = form.text("NextToken").map(InstanceActions::numberOf).orElse(-1L);
        long now = instances.nanoTime();
        List<Seen> seen = new ArrayList<>();
        for (Instance instance : instances.all()) {
            Optional<Change> change = instance.seenAt(now);
            if (change.isPresent()
                    && instance.number() > after
                    && (ids.isEmpty() || ids.contains(instance.id()))
                    && filters.accept(name -> filter(instance, change.get(), name))) {
                seen.add(new Seen(instance, change.get()));
            }
        }
        return seen;
    }

    private static long numberOf(String token) {
        try {
            return Long.parseLong(token.replaceFirst("^after-", ""));
        } catch (NumberFormatException e) {
            throw ApiException.invalid("NextToken", token);
        }
    }

    private Optional<Collection<String>> filter(Instance instance, Change change, String name) {
        return switch (name) {
            case "instance-state-name" -> Optional.of(List.of(change.state().text()));
            case "instance-state-code" ->
                    Optional.of(List.of(Integer.toString(change.state().code())));
            case "client-token" -> Optional.of(List.of(instance.launch().token()));
            case "instance-id" -> Optional.of(List.of(instance.id()));
            case "instance-type" -> Optional.of(List.of(instance.launch().type().name()));
            case "instance-lifecycle" ->
                    Optional.of(instance.launch().isSpot() ? List.of("spot") : List.of());
            case "availability-zone" -> Optional.of(List.of(instance.zone()));
            case "image-id" -> Optional.of(List.of(instance.launch().image().id()));
            case "reservation-id" -> Optional.of(List.of(instance.reservationId()));
            case "private-ip-address", "ip-address" ->
                    Optional.of(List.of(instance.address().getHostAddress()));
            default -> Network.tagFilter(instance.tags(), name);
        };
    }

    private static List<List<Seen>> reservations(List<Seen> seen) {
        List<List<Seen>> reservations = new ArrayList<>();
        for (Seen one : seen) {
            if (reservations.isEmpty()
                    || !reservations
                            .getLast()
                            .getLast()
                            .instance()
                            .reservationId()
                            .equals(one.instance().reservationId())) {
                reservations.add(new ArrayList<>());
            }
            reservations.getLast().add(one);
        }
        return reservations;
    }

    private void writeReservation(Xml xml, List<Seen> seen) {
        xml.element("reservationId", seen.getFirst().instance().reservationId())
                .element("ownerId", Network.account())
                .list("groupSet", List.<String>of(), (_, _) -> {})
                .list(
                        "instancesSet",
                        seen,
                        (item, one) ->
                                InstanceXml.write(item, one.instance(), one.change(), network));
    }

    /** One bad id spoils the whole call. */
    List<String> terminateInstances(Form form, Xml xml) {
        List<String> ids = form.texts("InstanceId").stream().distinct().toList();
        if (ids.isEmpty()) {
            throw ApiException.missing("InstanceId");
        }
        synchronized (instances) {
            requireSeen(ids);
            requireNoDryRun(form);
            xml.list("instancesSet", ids, this::terminate);
        }
        return ids;
    }

    private void terminate(Xml xml, String id) {
        Instance instance = instances.find(id).orElseThrow(() -> notFound(List.of(id)));
        InstanceState before = instances.terminate(instance, Reason.USER);
        xml.element("instanceId", id)
                .nested("currentState", state -> InstanceXml.state(state, instance.state()))
                .nested("previousState", state -> InstanceXml.state(state, before));
    }

    List<String> createTags(Form form, Xml xml) {
        List<String> ids = form.texts("ResourceId");
        Map<String, String> tags = LaunchRequest.tags(form);
        synchronized (instances) {
            requireSeen(ids.stream().filter(id -> id.startsWith("i-")).toList());
            ids.forEach(id -> instances.find(id).ifPresent(one -> one.tags().putAll(tags)));
        }
        xml.element("return", true);
        return ids;
    }

    List<String> getConsoleOutput(Form form, Xml xml) {
        String id = form.required("InstanceId");
        requireSeen(List.of(id));
        byte[] console = instances.machineOf(id).map(InstanceActions::console).orElse(new byte[0]);
        xml.element("instanceId", id)
                .element("timestamp", instances.now())
                .element("output", Base64.getEncoder().encodeToString(console));
        return List.of();
    }

    private static byte[] console(Machine machine) {
        try {
            byte[] all = Files.readAllBytes(machine.console());
            return new String(
                            all,
                            Math.max(0, all.length - CONSOLE_BYTES_MAX),
                            Math.min(all.length, CONSOLE_BYTES_MAX),
                            StandardCharsets.UTF_8)
                    .getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            // Not booted yet, or just gone: the console is empty.
            return new byte[0];
        }
    }

    private void requireSeen(List<String> ids) {
        for (String id : ids) {
            if (!INSTANCE_ID.matcher(id).matches()) {
                throw ApiException.client(
                        "InvalidInstanceID.Malformed", "Invalid id: \"" + id + "\"");
            }
        }
        long now = instances.nanoTime();
        List<String> unknown =
                ids.stream()
                        .filter(id -> instances.find(id).flatMap(one -> one.seenAt(now)).isEmpty())
                        .toList();
        if (!unknown.isEmpty()) {
            throw notFound(unknown);
        }
    }

    static ApiException notFound(List<String> ids) {
        return ApiException.client(
                "InvalidInstanceID.NotFound",
                ids.size() == 1
                        ? "The instance ID '" + ids.getFirst() + "' does not exist"
                        : "The instance IDs '" + String.join(", ", ids) + "' do not exist");
    }

    private static void requireNoDryRun(Form form) {
        if (form.flag("DryRun")) {
            throw ApiException.withStatus(
                    412,
                    "DryRunOperation",
                    "Request would have succeeded, but DryRun flag is set.");
        }
    }
}
