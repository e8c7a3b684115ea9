package dev.spate.local;

import dev.spate.async.Scheduler;
import dev.spate.local.Instance.Reason;
import dev.spate.local.Pools.Placement;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All instances and what becomes of them. One lock guards them all and is never held while anything
 * blocks: the machines behind the instances boot and stop on virtual threads of their own.
 */
final class Instances {
    private final Scheduler scheduler;
    private final CloudOptions options;
    private final Catalogue catalogue;
    private final Luck luck;
    private final MachineRoom room;
    private final CloudLog log;
    private final Chance chance;
    private final Supplier<Weather> weather;
    private final Breakdowns breakdowns;
    private final URI metadata;
    private final int network;
    private final String run;
    private final Map<String, Instance> byId = new LinkedHashMap<>();
    private final Map<String, Machine> machines = new HashMap<>();
    private final Map<String, Launched> byToken = new HashMap<>();
    private final Set<Machine> ending = new HashSet<>();
    private long launched;
    private boolean isClosed;

    /**
     * None at first.
     *
     * @param weather at the moment
     * @param metadata where the instance metadata service is
     * @param network the second number of the machines' addresses
     * @param run sets this run of the cloud apart from others in the same directory
     */
    Instances(
            Scheduler scheduler,
            CloudOptions options,
            Supplier<Weather> weather,
            Catalogue catalogue,
            MachineRoom room,
            CloudLog log,
            URI metadata,
            int network,
            String run) {
        this.scheduler = scheduler;
        this.options = options;
        this.catalogue = catalogue;
        this.room = room;
        this.log = log;
        this.chance = new Chance(options.seed());
        this.luck = new Luck(chance, weather);
        this.breakdowns = new Breakdowns(scheduler, luck, room);
        this.weather = weather;
        this.metadata = metadata;
        this.network = network;
        this.run = run;
    }

    /** What a token stands for: the call that used it, and what it brought. */
    private record Launched(Form parameters, List<Instance> instances) {}

    /**
     * Launches, or finds what the same call launched before.
     *
     * @return at least one, all of one reservation
     */
    synchronized List<Instance> launch(LaunchRequest request) {
        Launched before = byToken.get(request.token());
        if (before != null) {
            if (!before.parameters().equals(request.parameters())
                    || luck.mistakes(request.token())) {
                throw ApiException.client(
                        "IdempotentParameterMismatch",
                        "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).");
            }
            return before.instances();
        }
        if (isClosed) {
            throw ApiException.withStatus(503, "Unavailable", "The cloud is closing.");
        }
        Placement placement =
                new Pools(weather.get().limits()).place(request, catalogue.zones(), byId.values());
        String reservationId = chance.id("r", run + "/" + launched);
        List<Instance> instances = new ArrayList<>();
        for (int index = 0; index < placement.count(); index++) {
            instances.add(create(request, placement.zone(), reservationId, index));
        }
        if (!request.token().isEmpty()) {
            byToken.put(request.token(), new Launched(request.parameters(), instances));
        }
        return instances;
    }

    private Instance create(
            LaunchRequest request, String zone, String reservationId, int launchIndex) {
        long number = launched++;
        String id = chance.id("i", run + "/" + number);
        Instance instance =
                new Instance(
                        number,
                        id,
                        reservationId,
                        request,
                        zone,
                        launchIndex,
                        scheduler.now().truncatedTo(ChronoUnit.SECONDS),
                        MachineRoom.address(network, number),
                        luck.readLag(request, launchIndex, id),
                        scheduler.nanoTime());
        byId.put(id, instance);
        logState(instance);
        if (!luck.has(Fault.STUCK_PENDING, instance)) {
            var _ = scheduler.schedule(luck.about(Delay.PENDING, instance), () -> run(instance));
        }
        return instance;
    }

    private synchronized void run(Instance instance) {
        if (instance.state() != InstanceState.PENDING || isClosed) {
            return;
        }
        if (luck.has(Fault.FAILED_BOOT, instance)) {
            change(instance, InstanceState.TERMINATED, Reason.FAILED);
            forgetLater(instance);
            return;
        }
        change(instance, InstanceState.RUNNING, null);
        Machine machine = machine(instance);
        machines.put(instance.id(), machine);
        boot(instance, machine, true);
        if (instance.launch().isSpot() && luck.has(Fault.SPOT_INTERRUPTION, instance)) {
            var _ =
                    scheduler.schedule(
                            luck.within(Delay.INTERRUPTION, instance), () -> interrupt(instance));
        }
    }

    /** Gives notice that an instance will be taken away, and takes it away later. */
    synchronized void interrupt(Instance instance) {
        if (!instance.isLive()) {
            return;
        }
        Duration notice = luck.exactly(Delay.NOTICE);
        instance.noticeOf(scheduler.now().plus(notice).truncatedTo(ChronoUnit.SECONDS));
        log.write("notice", Map.of("instance", instance.id()));
        var _ = scheduler.schedule(notice, () -> terminate(instance, Reason.SPOT));
    }

    private Machine machine(Instance instance) {
        UserData userData =
                UserData.parse(
                        instance.launch().userData().orElse(null),
                        instance.launch().image().login());
        return new Machine(
                instance.id(),
                instance.address(),
                options.dataDirectory().toAbsolutePath(),
                metadata.resolve("/machines/" + instance.id()),
                userData,
                luck.ailments(instance));
    }

    private void boot(Instance instance, Machine machine, boolean isFirst) {
        Duration delay = luck.about(Delay.BOOT, instance);
        var _ =
                scheduler.start(
                        "boot of " + instance.id(),
                        () -> {
                            scheduler.sleep(delay);
                            room.boot(machine, isFirst, luck.exactly(Delay.SLOW_SSHD));
                            breakdowns.threaten(instance, machine);
                            return true;
                        });
    }

    /** A request from inside the machine. Unknown ids are ignored. */
    synchronized void onPowerRequest(String id, PowerSwitches.Action action) {
        Instance instance = byId.get(id);
        if (instance == null || !instance.isLive()) {
            return;
        }
        switch (action) {
            case POWEROFF -> {
                if (instance.launch().isTerminatedOnShutdown()) {
                    terminate(instance, Reason.ITSELF);
                } else {
                    change(instance, InstanceState.STOPPED, Reason.ITSELF);
                    powerOff(instance, false);
                }
            }
            case REBOOT -> reboot(instance);
        }
    }

    private void reboot(Instance instance) {
        Machine machine = machines.get(instance.id());
        if (machine != null) {
            var _ =
                    scheduler.start(
                            "reboot of " + instance.id(),
                            () -> {
                                room.powerOff(machine, false);
                                boot(instance, machine, false);
                                return true;
                            });
        }
    }

    /** Ends an instance, if it has not ended. Returns the state before. */
    synchronized InstanceState terminate(Instance instance, Reason reason) {
        InstanceState before = instance.state();
        if (before == InstanceState.SHUTTING_DOWN || before == InstanceState.TERMINATED) {
            return before;
        }
        change(instance, InstanceState.SHUTTING_DOWN, reason);
        powerOff(instance, true);
        var _ =
                scheduler.schedule(
                        luck.exactly(Delay.SHUTTING_DOWN),
                        () -> {
                            synchronized (this) {
                                change(instance, InstanceState.TERMINATED, reason);
                                forgetLater(instance);
                            }
                        });
        return before;
    }

    private void powerOff(Instance instance, boolean forGood) {
        Machine machine = forGood ? machines.remove(instance.id()) : machines.get(instance.id());
        if (machine != null) {
            ending.add(machine);
            var _ =
                    scheduler.start(
                            "end of " + instance.id(),
                            () -> {
                                room.powerOff(machine, forGood);
                                synchronized (this) {
                                    ending.remove(machine);
                                }
                                return true;
                            });
        }
    }

    private void forgetLater(Instance instance) {
        var _ =
                scheduler.schedule(
                        luck.exactly(Delay.TERMINATED_VISIBLE),
                        () -> {
                            synchronized (this) {
                                byId.remove(instance.id());
                                // EC2 keeps tokens longer; by now nobody repeats the call.
                                byToken.values()
                                        .removeIf(one -> one.instances().contains(instance));
                            }
                        });
    }

    private void change(Instance instance, InstanceState state, @Nullable Reason reason) {
        instance.become(state, reason, scheduler.nanoTime());
        logState(instance);
    }

    private void logState(Instance instance) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("instance", instance.id());
        line.put("state", instance.state().text());
        Reason reason = instance.current().reason();
        if (reason != null) {
            line.put("reason", reason.code());
        }
        if (instance.state() == InstanceState.PENDING) {
            LaunchRequest launch = instance.launch();
            line.put("token", launch.token());
            line.put("type", launch.type().name());
            line.put("market", launch.market());
            line.put("zone", instance.zone());
            line.put("address", instance.address().getHostAddress());
            line.put("tags", Map.copyOf(instance.tags()));
        }
        log.write("instance", line);
    }

    /** All that are not forgotten, by their number. */
    synchronized List<Instance> all() {
        return List.copyOf(byId.values());
    }

    /** By its id, whether a lagging read would see it or not. */
    synchronized Optional<Instance> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The machine behind an instance, once it runs and until it ends. */
    synchronized Optional<Machine> machineOf(String id) {
        return Optional.ofNullable(machines.get(id));
    }

    long nanoTime() {
        return scheduler.nanoTime();
    }

    Instant now() {
        return scheduler.now();
    }

    /** Launches no more, and takes the power of every machine. Blocks until all are down. */
    void close() {
        Collection<Machine> left;
        synchronized (this) {
            isClosed = true;
            // Those that are ending already once more: that waits for their end.
            ending.addAll(machines.values());
            left = List.copyOf(ending);
            machines.clear();
        }
        room.powerOffAll(left);
    }
}
