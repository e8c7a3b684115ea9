package dev.spate.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.sshd.common.config.keys.KeyUtils;

/**
 * The inside of a machine: a directory that stands for its root, its users and its processes. It is
 * made of convention, not of containment: commands run as the host's user and could reach out of
 * the directory if they tried. Thread-safe.
 */
final class Machine {
    /** In the environment of every process of a machine; by it they are found and killed. */
    static final String MARKER = "SPATE_SIM_MACHINE";

    /** A day, ten hours and some: no mistake of time zones. */
    private static final int WRONG_BY_SECONDS = 123_456;

    /** Of 512 bytes each: 1 MiB. */
    private static final int FILE_BLOCKS_MAX = 2_048;

    private static final String SYSTEM_PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** The commands that would take the host down if they were called by their full path. */
    private static final Pattern DANGEROUS =
            Pattern.compile(
                    "(?:/usr)?/s?bin/(shutdown|poweroff|halt|reboot|systemctl|systemd-run|sudo)\\b");

    private final String id;
    private final InetAddress address;
    private final Path root;
    private final Path data;
    private final URI metadata;
    private final UserData userData;
    private final Set<Fault> ailments;
    private final KeyPair hostKey;
    private final Map<String, List<PublicKey>> logins;
    private final Set<ProcessHandle> started = ConcurrentHashMap.newKeySet();
    private final ReentrantLock busy = new ReentrantLock();
    private boolean isOff = true;
    private boolean isGone;

    /**
     * One that is off.
     *
     * @param data the cloud's directory: the machine's own is {@code machines/ID} in it
     * @param metadata where its instance metadata service is
     * @param ailments what is wrong with it
     */
    Machine(
            String id,
            InetAddress address,
            Path data,
            URI metadata,
            UserData userData,
            Set<Fault> ailments) {
        this.id = id;
        this.address = address;
        this.data = data;
        this.root = data.resolve("machines").resolve(id);
        this.metadata = metadata;
        this.userData = userData;
        this.ailments = Set.copyOf(ailments);
        this.hostKey =
                ailments.contains(Fault.WRONG_HOST_KEY)
                        ? MachineKeys.fresh()
                        : MachineKeys.hostKey(userData.hostKey());
        this.logins =
                ailments.contains(Fault.BAD_LOGIN)
                        ? MachineKeys.none(userData.users())
                        : MachineKeys.logins(userData.users());
    }

    String id() {
        return id;
    }

    InetAddress address() {
        return address;
    }

    KeyPair hostKey() {
        return hostKey;
    }

    Set<Fault> ailments() {
        return ailments;
    }

    UserData userData() {
        return userData;
    }

    Path root() {
        return root;
    }

    Path console() {
        return root.resolve("console.log");
    }

    /** Where a user is at home, and root in {@code /root}. */
    Path home(String user) {
        return user.equals("root") ? root.resolve("root") : root.resolve("home").resolve(user);
    }

    boolean mayLogIn(String user, PublicKey key) {
        return logins.getOrDefault(user, List.of()).stream()
                .anyMatch(known -> KeyUtils.compareKeys(known, key));
    }

    /** Makes the directories and files of the first boot. */
    void prepare() throws IOException {
        for (String directory : List.of("root", "tmp", "run", "var", "etc")) {
            Files.createDirectories(root.resolve(directory));
        }
        for (String user : logins.keySet()) {
            Files.createDirectories(home(user));
        }
        // Shared: it is the same on every machine, and a thousand copies cost seconds.
        Files.createSymbolicLink(root.resolve("bin"), data.resolve("bin"));
        log("Cloud-init (simulated) running on " + id);
        for (String complaint : userData.complaints()) {
            log("WARNING: " + complaint);
        }
        for (UserData.WrittenFile file : userData.files()) {
            write(file);
        }
    }

    private void write(UserData.WrittenFile file) throws IOException {
        Path path = root.resolve("./" + file.path()).normalize();
        if (!path.startsWith(root)) {
            log("WARNING: not written, outside of the machine: " + file.path());
            return;
        }
        Files.createDirectories(path.getParent());
        if (file.isAppended()) {
            Files.write(path, file.bytes(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } else {
            Files.write(path, file.bytes());
        }
        Files.setPosixFilePermissions(path, permissions(file.permissions()));
    }

    private static Set<PosixFilePermission> permissions(String octal) {
        int bits = Integer.parseInt(octal, 8);
        StringBuilder text = new StringBuilder();
        for (int i = 8; i >= 0; i--) {
            text.append((bits >> i & 1) == 1 ? "xwr".charAt(i % 3) : '-');
        }
        return PosixFilePermissions.fromString(text.toString());
    }

    /** Appends a line to the console. */
    void log(String line) {
        try {
            Files.writeString(
                    console(),
                    line + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            // The directory is gone, and with it whoever could read the line.
        }
    }

    /** Held by whoever boots the machine or removes what is left of it. */
    ReentrantLock busy() {
        return busy;
    }

    /** Lets processes start, unless the machine is gone for good. */
    synchronized boolean powerOn() {
        isOff = isGone;
        return !isOff;
    }

    /**
     * From now on no process starts. Those that run are the caller's to kill.
     *
     * @param forGood whether it can never be powered on again
     */
    synchronized void powerOff(boolean forGood) {
        isOff = true;
        isGone |= forGood;
    }

    /** Does something that must not happen after the power is off; or does nothing if it is. */
    synchronized void whileOn(PoweredAction action) throws IOException {
        if (!isOff) {
            action.run();
        }
    }

    /** Needs power. */
    interface PoweredAction {
        void run() throws IOException;
    }

    /**
     * Starts a command in a session of its own, in the user's home and with a clean environment.
     *
     * @param streams sets where its streams go
     * @throws IOException if it cannot be started, or the machine is off
     */
    // Holds the lock while the process starts, so that after powerOff() none can slip through.
    synchronized Process start(String user, List<String> command, Consumer<ProcessBuilder> streams)
            throws IOException {
        if (isOff) {
            throw new IOException("machine " + id + " is off");
        }
        ProcessBuilder builder =
                new ProcessBuilder(
                                Processes.inOwnSession(
                                        limited(command.stream().map(this::tame).toList())))
                        .directory(home(user).toFile());
        builder.environment().clear();
        builder.environment().putAll(environment(user));
        streams.accept(builder);
        Process process = builder.start();
        ProcessHandle handle = process.toHandle();
        started.add(handle);
        var _ = process.onExit().thenRun(() -> started.remove(handle));
        return process;
    }

    /** The command, with files that do not grow beyond a limit if the disk is full. */
    private List<String> limited(List<String> command) {
        if (!ailments.contains(Fault.FULL_DISK)) {
            return command;
        }
        // Ignored, the signal leaves a failed write, as a full disk does.
        List<String> limited =
                new ArrayList<>(
                        List.of(
                                "/bin/sh",
                                "-c",
                                "trap '' XFSZ; ulimit -f " + FILE_BLOCKS_MAX + "; exec \"$@\"",
                                "sh"));
        limited.addAll(command);
        return limited;
    }

    private String tame(String word) {
        return DANGEROUS.matcher(word).replaceAll(root.resolve("bin") + "/$1");
    }

    private Map<String, String> environment(String user) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", root.resolve("bin") + ":" + SYSTEM_PATH);
        environment.put("HOME", home(user).toString());
        environment.put("USER", user);
        environment.put("LOGNAME", user);
        environment.put("SHELL", "/bin/sh");
        environment.put("LANG", "C.UTF-8");
        environment.put("TMPDIR", root.resolve("tmp").toString());
        environment.put("SPATE_ROOT", root.toString());
        environment.put("SPATE_SIM_POWER", data.resolve("power").toString());
        environment.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.toString());
        environment.put(MARKER, id);
        if (ailments.contains(Fault.WRONG_CLOCK)) {
            environment.put("SPATE_SIM_CLOCK_SECONDS", Integer.toString(WRONG_BY_SECONDS));
        }
        if (ailments.contains(Fault.FULL_DISK)) {
            environment.put("SPATE_SIM_FILE_BLOCKS", Integer.toString(FILE_BLOCKS_MAX));
        }
        return environment;
    }

    /** What was started and has not ended; what it started in turn are their descendants. */
    Set<ProcessHandle> started() {
        return Set.copyOf(started);
    }
}
