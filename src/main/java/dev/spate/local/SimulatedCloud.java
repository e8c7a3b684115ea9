package dev.spate.local;

import dev.spate.async.Scheduler;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A cloud on this machine: an HTTP endpoint that speaks the EC2 Query API, and machines behind it
 * that one can log into over SSH.
 *
 * <p>It asks for nothing but a directory and, for SSH on port 22, the right to bind it. Signatures
 * must be there but are not verified: any credentials do. Each machine has a loopback address of
 * its own, {@code 127.N.x.y}; on systems that have only 127.0.0.1 (macOS), machines run but cannot
 * be reached.
 *
 * <p><b>Not a sandbox.</b> Commands on a machine are processes of this host, run by the user who
 * runs the cloud, in a directory of their own. What would hurt the host by accident ({@code
 * poweroff}, {@code apt-get}, …) is intercepted; what means harm is not stopped.
 *
 * <p>Thread-safe. State lives in memory: a new cloud in the same directory has no machines, and
 * first kills what a crashed one left running.
 */
public final class SimulatedCloud implements AutoCloseable {
    private static final int NETWORK_FIRST = 16;
    private static final int NETWORK_LAST = 250;

    private final CloudOptions options;
    private final Scheduler scheduler;
    private final CloudLog log;
    private final MachineRoom room;
    private final Instances instances;
    private final PowerSwitches switches;
    private final LocalHttp http;
    private final QueryEndpoint endpoint;
    private final AtomicReference<Weather> weather;

    /**
     * Starts a cloud.
     *
     * @throws IOException if a port is taken, or the directory cannot be written
     */
    public static SimulatedCloud start(CloudOptions options, Scheduler scheduler)
            throws IOException {
        return new SimulatedCloud(options, scheduler);
    }

    private SimulatedCloud(CloudOptions options, Scheduler scheduler) throws IOException {
        this.options = options;
        this.scheduler = scheduler;
        this.weather = new AtomicReference<>(options.weather());
        Path data = Files.createDirectories(options.dataDirectory()).toAbsolutePath();
        clean(data, options.keepsMachineDirectories());
        Shims.install(Files.createDirectories(data.resolve("bin")));
        this.http = new LocalHttp(scheduler, options.port());
        this.log = new CloudLog(scheduler, data.resolve("cloud.jsonl"));
        try {
            Front front = front(scheduler, options.sshPort());
            this.room =
                    new MachineRoom(
                            scheduler, front.sshd(), log, options.keepsMachineDirectories());
            Catalogue catalogue = Catalogue.of(options.region());
            this.instances =
                    new Instances(
                            scheduler,
                            options,
                            weather::get,
                            catalogue,
                            room,
                            log,
                            http.uri(),
                            front.network(),
                            run(data));
            this.endpoint =
                    new QueryEndpoint(
                            scheduler,
                            options.seed(),
                            weather::get,
                            log,
                            actions(catalogue),
                            this::page);
        } catch (IOException e) {
            http.close();
            log.close();
            throw e;
        }
        this.switches =
                new PowerSwitches(scheduler, data.resolve("power"), instances::onPowerRequest);
        http.serve("/", endpoint);
        http.serve(SettingsPage.PATH, new SettingsPage(this::set, log));
        http.serve(Metadata.PATH, new Metadata(instances));
        http.start();
        log.write(
                "start",
                Map.of(
                        "endpoint",
                        endpoint().toString(),
                        "sshPort",
                        sshPort(),
                        "options",
                        options.toString()));
    }

    /** Removes what a cloud that did not close left here, its processes first. */
    private static void clean(Path data, boolean keepsDirectories) throws IOException {
        Path machines = Files.createDirectories(data.resolve("machines"));
        Path power = Files.createDirectories(data.resolve("power"));
        try (Stream<Path> left = Files.list(machines)) {
            Set<String> ids =
                    left.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
            if (!ids.isEmpty() && Files.isReadable(Path.of("/proc/self/environ"))) {
                Processes.findByMarker(ids).forEach(ProcessHandle::destroyForcibly);
            }
            if (!keepsDirectories) {
                ids.forEach(id -> MachineRoom.delete(machines.resolve(id)));
            }
        }
        try (Stream<Path> left = Files.list(power)) {
            for (Path request : left.toList()) {
                Files.deleteIfExists(request);
            }
        }
    }

    /** Counts the clouds in a directory, so that no two of them use the same ids. */
    private static String run(Path data) throws IOException {
        Path file = data.resolve("runs");
        long before = Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
        Files.writeString(file, before + 1 + "\n");
        return Long.toString(before);
    }

    private record Front(SshFront sshd, int network) {}

    /** The first network of which nobody else uses the port. */
    private static Front front(Scheduler scheduler, int port) throws IOException {
        for (int network = NETWORK_FIRST; network <= NETWORK_LAST; network++) {
            InetAddress claim =
                    InetAddress.getByAddress(new byte[] {127, (byte) network, (byte) 255, 1});
            try {
                return new Front(SshFront.start(scheduler, claim, port), network);
            } catch (BindException e) {
                if (network == NETWORK_LAST || !String.valueOf(e.getMessage()).contains("in use")) {
                    throw new IOException(
                            "cannot listen on port " + port + " of " + claim + ": " + e, e);
                }
            }
        }
        throw new AssertionError("the last network returns or throws");
    }

    private Map<String, QueryEndpoint.Action> actions(Catalogue catalogue) {
        Network network = new Network(catalogue);
        CatalogueActions offers = new CatalogueActions(catalogue, scheduler);
        InstanceActions machines = new InstanceActions(instances, catalogue, network);
        Map<String, QueryEndpoint.Action> actions = new HashMap<>();
        actions.put("RunInstances", machines::runInstances);
        actions.put("DescribeInstances", machines::describeInstances);
        actions.put("TerminateInstances", machines::terminateInstances);
        actions.put("CreateTags", machines::createTags);
        actions.put("GetConsoleOutput", machines::getConsoleOutput);
        actions.put("DescribeImages", other(offers::describeImages));
        actions.put("DescribeInstanceTypes", other(offers::describeInstanceTypes));
        actions.put("DescribeInstanceTypeOfferings", other(offers::describeInstanceTypeOfferings));
        actions.put("DescribeSpotPriceHistory", other(offers::describeSpotPriceHistory));
        actions.put("DescribeRegions", other(offers::describeRegions));
        actions.put("DescribeAvailabilityZones", other(offers::describeAvailabilityZones));
        actions.put("DescribeVpcs", other(network::describeVpcs));
        actions.put("DescribeSubnets", other(network::describeSubnets));
        actions.put("DescribeSecurityGroups", other(network::describeGroups));
        actions.put("CreateSecurityGroup", other(network::createGroup));
        actions.put("AuthorizeSecurityGroupIngress", other(network::authorizeIngress));
        return actions;
    }

    private static QueryEndpoint.Action other(BiConsumer<Form, Xml> action) {
        return (form, xml) -> {
            action.accept(form, xml);
            return List.of();
        };
    }

    /** Where the EC2 API is, such as {@code http://127.0.0.1:4711}. */
    public URI endpoint() {
        return http.uri();
    }

    /** The port on which all machines listen, each at its own address. */
    public int sshPort() {
        return room.port();
    }

    /** What the cloud calls itself. */
    public String region() {
        return options.region();
    }

    /** How it behaves at the moment. */
    public Weather weather() {
        return weather.get();
    }

    /**
     * Changes how it behaves from now on. What has been drawn already stays as it is: a machine
     * that was launched to fail fails. Over HTTP: {@code PUT /settings/NAME}, the value as its
     * body.
     *
     * @throws IllegalArgumentException naming the setting, if it is unknown or its value is bad
     */
    public void set(String name, String value) {
        weather.updateAndGet(before -> before.with(name, value));
    }

    /** How often each action was called since the start, refused calls included. */
    public Map<String, Long> calls() {
        return endpoint.calls();
    }

    /**
     * The machines, the terminated among them that are still described; as they are now, no lag.
     */
    public List<MachineView> machines() {
        synchronized (instances) {
            return instances.all().stream().map(MachineView::of).toList();
        }
    }

    /**
     * Takes a machine away as EC2 takes a spot machine: gives notice, and ends it {@link
     * Delay#NOTICE} later.
     *
     * @return whether there is such a machine
     */
    public boolean interrupt(String id) {
        Optional<Instance> found = instances.find(id);
        found.ifPresent(instances::interrupt);
        return found.isPresent();
    }

    /**
     * Breaks a machine's SSH connections; its processes run on.
     *
     * @return whether there is such a machine
     */
    public boolean dropSessions(String id) {
        Optional<Machine> machine = instances.machineOf(id);
        machine.ifPresent(room::dropSessions);
        return machine.isPresent();
    }

    private String page() {
        StringBuilder page =
                new StringBuilder("Simulated cloud, region " + region() + "\n\nCalls\n");
        calls().forEach((action, count) -> page.append("  %-32s %8d%n".formatted(action, count)));
        Map<String, Long> states =
                machines().stream()
                        .collect(
                                Collectors.groupingBy(
                                        MachineView::state, TreeMap::new, Collectors.counting()));
        page.append("\nMachines ").append(states).append('\n');
        machines().forEach(machine -> page.append("  ").append(machine.line()).append('\n'));
        return page.toString();
    }

    /**
     * A machine at a moment.
     *
     * @param state as the API spells it, such as {@code shutting-down}
     * @param reason the code of its {@code StateReason}; empty if it has none
     * @param market {@code spot} or {@code on-demand}
     * @param address where its sshd listens, if it does
     */
    public record MachineView(
            String id,
            String state,
            String reason,
            String type,
            String market,
            String zone,
            String address,
            Map<String, String> tags) {

        private static MachineView of(Instance instance) {
            Instance.Reason reason = instance.current().reason();
            return new MachineView(
                    instance.id(),
                    instance.state().text(),
                    reason == null ? "" : reason.code(),
                    instance.launch().type().name(),
                    instance.launch().market(),
                    instance.zone(),
                    instance.address().getHostAddress(),
                    Map.copyOf(instance.tags()));
        }

        private String line() {
            return "%s  %-13s %-10s %-9s %-8s %-15s %s %s"
                    .formatted(id, state, type, market, zone, address, new TreeMap<>(tags), reason);
        }
    }

    /** Stops answering, terminates all machines, kills all their processes. Blocks until done. */
    @Override
    public void close() throws IOException {
        http.close();
        switches.close();
        instances.close();
        room.close();
        log.write("stop", Map.of("calls", calls()));
        log.close();
    }
}
