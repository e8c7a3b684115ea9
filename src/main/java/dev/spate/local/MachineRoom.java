package dev.spate.local;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Boots and stops machines. Its methods block while they work; thread-safe. */
final class MachineRoom {
    private static final Logger LOG = LoggerFactory.getLogger(MachineRoom.class);

    /** A boot command that takes longer is left alone, and the boot goes on. */
    private static final Duration BOOT_COMMAND_MAX = Duration.ofSeconds(60);

    private final Scheduler scheduler;
    private final SshFront front;
    private final CloudLog log;
    private final boolean keepsDirectories;
    private final Queue<Machine> condemned = new ConcurrentLinkedQueue<>();
    private final ReentrantLock killing = new ReentrantLock();

    MachineRoom(Scheduler scheduler, SshFront front, CloudLog log, boolean keepsDirectories) {
        this.scheduler = scheduler;
        this.front = front;
        this.log = log;
        this.keepsDirectories = keepsDirectories;
    }

    /**
     * Runs the boot commands, opens the SSH port, runs the first-boot commands. Does as much of it
     * as the machine's being on allows.
     *
     * @param slowness of an sshd that is slow
     */
    void boot(Machine machine, boolean isFirst, Duration slowness) throws InterruptedException {
        machine.busy().lockInterruptibly();
        try {
            if (!machine.powerOn()) {
                return;
            }
            if (isFirst) {
                machine.prepare();
            }
            runAll(machine, machine.userData().bootCommands());
            if (machine.ailments().contains(Fault.SLOW_SSHD)) {
                scheduler.sleep(slowness);
            }
            if (!machine.ailments().contains(Fault.DEAD_SSHD)) {
                machine.whileOn(() -> listen(machine));
                machine.log("sshd is listening on " + machine.address().getHostAddress());
            }
            if (isFirst) {
                runAll(machine, machine.userData().runCommands());
                machine.userData()
                        .script()
                        .ifPresent(script -> run(machine, List.of("sh", "-c", script)));
                machine.log("Cloud-init (simulated) finished");
            }
        } catch (IOException e) {
            LOG.warn("machine {} failed to boot: {}", machine.id(), e.toString());
            machine.log("boot failed: " + e.getMessage());
        } finally {
            machine.busy().unlock();
        }
    }

    private void listen(Machine machine) throws IOException {
        front.listen(machine);
        log.write("sshd", Map.of("instance", machine.id()));
    }

    private void runAll(Machine machine, List<List<String>> commands) throws InterruptedException {
        for (List<String> command : commands) {
            Process process = run(machine, command);
            if (process != null) {
                await(machine, process);
            }
        }
    }

    private @Nullable Process run(Machine machine, List<String> command) {
        try {
            return machine.start(
                    "root",
                    command,
                    builder ->
                            builder.redirectErrorStream(true)
                                    .redirectInput(Path.of("/dev/null").toFile())
                                    .redirectOutput(
                                            ProcessBuilder.Redirect.appendTo(
                                                    machine.console().toFile())));
        } catch (IOException e) {
            machine.log("cannot run " + command + ": " + e.getMessage());
            return null;
        }
    }

    private void await(Machine machine, Process process) throws InterruptedException {
        try {
            Process ended =
                    scheduler.await(process.onExit(), Deadline.after(scheduler, BOOT_COMMAND_MAX));
            if (ended.exitValue() != 0) {
                machine.log("command exited with " + ended.exitValue());
            }
        } catch (TimeoutException e) {
            machine.log("command still runs; the boot goes on");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes the power: closes the port, drops the sessions, kills every process. */
    void powerOff(Machine machine, boolean forGood) {
        machine.powerOff(forGood);
        front.silence(machine);
        kill(machine);
        logOff(machine);
        machine.log("Power down");
        if (forGood) {
            remove(machine);
        }
    }

    /** Takes the power of many for good: one search for the processes of all. */
    void powerOffAll(Collection<Machine> machines) {
        for (Machine machine : machines) {
            machine.powerOff(true);
            front.silence(machine);
        }
        Processes.kill(machines);
        machines.forEach(this::logOff);
        machines.forEach(this::remove);
    }

    /** From here on, nothing of the machine runs any more. */
    private void logOff(Machine machine) {
        log.write("off", Map.of("instance", machine.id()));
    }

    private void remove(Machine machine) {
        // A boot that was under way has lost its processes, and so ends at once.
        machine.busy().lock();
        try {
            if (!keepsDirectories) {
                delete(machine.root());
            }
        } finally {
            machine.busy().unlock();
        }
    }

    /** Breaks the machine's SSH connections; nothing else happens to it. */
    void dropSessions(Machine machine) {
        front.dropSessions(machine);
    }

    /** The machine's SSH connections stay open, and what comes on them is not read any more. */
    void freezeSessions(Machine machine) {
        front.freezeSessions(machine);
    }

    int port() {
        return front.getPort();
    }

    // Finding the processes takes a walk through all there are: one walk serves all who wait.
    private void kill(Machine machine) {
        condemned.add(machine);
        killing.lock();
        try {
            List<Machine> batch =
                    Stream.generate(condemned::poll).takeWhile(one -> one != null).toList();
            if (!batch.isEmpty()) {
                Processes.kill(batch);
            }
        } finally {
            killing.unlock();
        }
    }

    /** Removes a directory and all within, as far as that is possible. */
    static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("not all of {} could be removed: {}", directory, e.toString());
        }
    }

    void close() {
        try {
            front.close();
        } catch (IOException e) {
            LOG.warn("sshd did not close: {}", e.toString());
        }
    }

    /** The address of a machine, by its number in a network {@code 127.N.0.0/16}. */
    static InetAddress address(int network, long number) {
        int host = (int) (number % (250 * 250));
        try {
            return InetAddress.getByAddress(
                    new byte[] {127, (byte) network, (byte) (host / 250), (byte) (host % 250 + 1)});
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }
}
