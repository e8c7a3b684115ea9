package dev.spate.hosts;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.fleet.Catalog;
import dev.spate.fleet.Claims;
import dev.spate.fleet.Cloud;
import dev.spate.fleet.Machine;
import dev.spate.fleet.Shell;
import dev.spate.fleet.Target;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import dev.spate.job.Market;
import dev.spate.job.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A cloud made of a fixed list of machines. Images and types mean nothing to it: every one is
 * known, and every machine is of every kind.
 *
 * <p>Nobody powers these machines off, so a lease ends nothing here: a claim stays until a worker
 * of its group gives the machine back.
 */
public final class HostsCloud implements Cloud {

    /** Where all hosts are. */
    static final Pool POOL = new Pool(Market.ON_DEMAND, "host.any", Optional.empty());

    private static final String REGION = "hosts";

    /** How long one host is waited for: one that is off must not keep the others waiting. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A host's login does not follow from a launch. */
    private static final LaunchToken NO_TOKEN = new LaunchToken("0".repeat(64));

    private final HostsSettings settings;
    private final Claims claims;
    private final Scheduler scheduler;

    /** Touches no machine yet. */
    public HostsCloud(HostsSettings settings, Claims claims, Scheduler scheduler) {
        this.settings = settings;
        this.claims = claims;
        this.scheduler = scheduler;
    }

    @Override
    public Answer<Catalog> catalog(Set<String> images, Set<String> types, Deadline deadline) {
        Catalog.MachineType free = new Catalog.MachineType(Optional.empty(), Optional.empty());
        return Answer.ok(
                new Catalog(
                        images.stream()
                                .collect(
                                        Collectors.toMap(Function.identity(), Function.identity())),
                        types.stream().collect(Collectors.toMap(Function.identity(), _ -> free)),
                        REGION));
    }

    @Override
    public Answer<List<Machine>> launch(Launch launch, String userData, Deadline deadline)
            throws InterruptedException {
        Map<Host, Answer<Optional<String>>> seen = look(deadline);
        List<Machine> machines = new ArrayList<>();
        seen.forEach(
                (host, answer) ->
                        oursOf(answer)
                                .filter(claim -> claim.token().equals(launch.token()))
                                .ifPresent(claim -> machines.add(claim.machine(host))));
        if (machines.isEmpty()) {
            machines.addAll(claimFree(seen, launch, deadline));
        }
        if (!machines.isEmpty()) {
            return Answer.ok(machines);
        }
        // A host that does not answer may have been claimed by this very launch.
        Optional<Failure> silent = firstFailure(seen);
        return silent.isPresent()
                ? Answer.failed(Failure.Kind.INFRASTRUCTURE, silent.get().message())
                : Answer.failed(Failure.Kind.CAPACITY, "every host is taken");
    }

    private List<Machine> claimFree(
            Map<Host, Answer<Optional<String>>> seen, Launch launch, Deadline deadline)
            throws InterruptedException {
        List<Machine> machines = new ArrayList<>();
        for (var entry : seen.entrySet()) {
            boolean isFree =
                    entry.getValue() instanceof Answer.Ok<Optional<String>>(Optional<String> by)
                            && by.isEmpty();
            if (isFree && machines.size() < launch.count()) {
                Host host = entry.getKey();
                Claim claim = Claim.of(settings.group(), launch, machines.size(), scheduler.now());
                Answer<String> holder =
                        claims.claim(
                                target(host, claim.idOf(host)),
                                claim.toString(),
                                patience(deadline));
                if (holder.equals(Answer.ok(claim.toString()))) {
                    machines.add(claim.machine(host));
                }
            }
        }
        return machines;
    }

    @Override
    public Answer<List<Machine>> describe(Set<MachineId> ids, Deadline deadline)
            throws InterruptedException {
        Map<Host, Answer<Optional<String>>> seen = look(deadline);
        List<Machine> machines = new ArrayList<>();
        for (MachineId id : ids) {
            seen.forEach((host, answer) -> described(id, host, answer).ifPresent(machines::add));
        }
        return Answer.ok(machines);
    }

    /**
     * The machine of this id, if it is this host. A host that does not answer counts as running:
     * what runs there may go on, and nobody can know.
     */
    private Optional<Machine> described(MachineId id, Host host, Answer<Optional<String>> answer) {
        if (!isOn(host, id)) {
            return Optional.empty();
        }
        if (answer instanceof Answer.Failed<Optional<String>>) {
            return Optional.of(machine(id, Machine.State.RUNNING, Optional.of(host.address())));
        }
        return Optional.of(
                oursOf(answer)
                        .filter(claim -> claim.idOf(host).equals(id))
                        .map(claim -> claim.machine(host))
                        .orElseGet(() -> gone(id)));
    }

    @Override
    public Answer<List<Machine>> list(Deadline deadline) throws InterruptedException {
        List<Machine> machines = new ArrayList<>();
        look(deadline)
                .forEach(
                        (host, answer) ->
                                oursOf(answer)
                                        .ifPresent(claim -> machines.add(claim.machine(host))));
        return Answer.ok(machines);
    }

    @Override
    public Answer<Map<MachineId, Failure>> terminate(Set<MachineId> ids, Deadline deadline)
            throws InterruptedException {
        Map<MachineId, Call<Shell.Done>> calls = new LinkedHashMap<>();
        for (MachineId id : ids) {
            for (Host host : settings.hosts()) {
                if (isOn(host, id)) {
                    calls.put(id, () -> release(host, id, deadline));
                }
            }
        }
        Map<MachineId, Failure> failures = new HashMap<>();
        allAtOnce(calls, deadline)
                .forEach(
                        (id, answer) -> {
                            if (answer instanceof Answer.Failed<Shell.Done>(Failure failure)) {
                                failures.put(id, failure);
                            }
                        });
        return Answer.ok(failures);
    }

    private Answer<Shell.Done> release(Host host, MachineId id, Deadline deadline)
            throws InterruptedException {
        Answer<Optional<String>> by = claims.claimed(target(host, id), deadline);
        if (by instanceof Answer.Failed<Optional<String>> failed) {
            return failed.as();
        }
        Optional<Claim> claim = oursOf(by).filter(ours -> ours.idOf(host).equals(id));
        return claim.isPresent()
                ? claims.release(target(host, id), claim.get().toString(), deadline)
                : Answer.ok(Shell.Done.DONE);
    }

    /** Always empty: a host was up before we came. */
    @Override
    public Answer<String> console(MachineId id, Deadline deadline) {
        return Answer.ok("");
    }

    /** Nothing is held. */
    @Override
    public void close() {}

    /** Asks every host who has it, all at once. */
    private Map<Host, Answer<Optional<String>>> look(Deadline deadline)
            throws InterruptedException {
        Deadline patience = patience(deadline);
        Map<Host, Call<Optional<String>>> calls = new LinkedHashMap<>();
        for (Host host : settings.hosts()) {
            Target target = target(host, new MachineId(host.name()));
            calls.put(host, () -> claims.claimed(target, patience));
        }
        return allAtOnce(calls, patience);
    }

    private Deadline patience(Deadline deadline) {
        return deadline.sooner(Deadline.after(scheduler, PATIENCE));
    }

    /** A call to one host. */
    private interface Call<T> extends Callable<Answer<T>> {}

    /** Makes all calls at the same time; those not answered by then have failed. */
    private <K, T> Map<K, Answer<T>> allAtOnce(Map<K, Call<T>> calls, Deadline deadline)
            throws InterruptedException {
        Map<K, Scheduler.Task<Answer<T>>> asked = new LinkedHashMap<>();
        calls.forEach((key, call) -> asked.put(key, scheduler.start("spate-host", call)));
        try {
            Map<K, Answer<T>> answers = new LinkedHashMap<>();
            for (var entry : asked.entrySet()) {
                answers.put(entry.getKey(), answerOf(entry.getValue(), deadline));
            }
            return answers;
        } finally {
            asked.values().forEach(Scheduler.Task::cancel);
        }
    }

    private <T> Answer<T> answerOf(Scheduler.Task<Answer<T>> task, Deadline deadline)
            throws InterruptedException {
        try {
            return scheduler.await(task.result(), deadline);
        } catch (TimeoutException e) {
            return Answer.failed(Failure.Kind.INFRASTRUCTURE, "a host did not answer in time");
        } catch (ExecutionException | CancellationException e) {
            throw new IllegalStateException("asking a host failed", e);
        }
    }

    private Optional<Claim> oursOf(Answer<Optional<String>> answer) {
        return answer instanceof Answer.Ok<Optional<String>>(Optional<String> by)
                ? by.flatMap(Claim::read).filter(claim -> claim.group().equals(settings.group()))
                : Optional.empty();
    }

    private static Optional<Failure> firstFailure(Map<Host, Answer<Optional<String>>> seen) {
        for (Answer<Optional<String>> answer : seen.values()) {
            if (answer instanceof Answer.Failed<Optional<String>>(Failure failure)) {
                return Optional.of(failure);
            }
        }
        return Optional.empty();
    }

    private static boolean isOn(Host host, MachineId id) {
        return id.value().startsWith(host.name() + ":");
    }

    private Machine gone(MachineId id) {
        return machine(id, Machine.State.GONE, Optional.empty());
    }

    private Machine machine(MachineId id, Machine.State state, Optional<String> address) {
        return new Machine(
                id,
                Optional.empty(),
                0,
                OptionalInt.empty(),
                state,
                address,
                POOL,
                scheduler.now(),
                Optional.empty(),
                Optional.empty());
    }

    private static Target target(Host host, MachineId id) {
        return new Target(id, host.address(), NO_TOKEN);
    }
}
