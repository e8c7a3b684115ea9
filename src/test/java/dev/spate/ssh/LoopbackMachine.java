package dev.spate.ssh;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.fleet.Target;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.jspecify.annotations.Nullable;

/**
 * A machine with a real SSH server on loopback, which runs real processes in a home directory of
 * its own. As with OpenSSH, what runs goes on when its connection breaks.
 */
public final class LoopbackMachine implements AutoCloseable {

    /** Where its commands are. */
    static final String PATH = "/usr/local/bin:/usr/bin:/bin";

    static final LaunchToken TOKEN = new LaunchToken("ab".repeat(32));
    static final DerivedKeys KEYS =
            new DerivedKeys("a secret for tests only".getBytes(StandardCharsets.UTF_8));

    final Path home;
    final SshServer server = SshServer.setUpDefaultServer();
    final List<String> commands = new CopyOnWriteArrayList<>();
    final Map<String, String> variables = new ConcurrentHashMap<>();
    private final List<String> shell;
    private final String path;

    private LoopbackMachine(
            Path home, KeyPair hostKey, PublicKey authorized, List<String> shell, String path)
            throws IOException {
        this.home = home;
        this.shell = shell;
        this.path = path;
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setPublickeyAuthenticator((_, key, _) -> KeyUtils.compareKeys(key, authorized));
        server.setCommandFactory((_, command) -> new ProcessCommand(command));
        server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
        server.setFileSystemFactory(new VirtualFileSystemFactory(home));
        CoreModuleProperties.TCP_NODELAY.set(server, true);
        server.start();
    }

    /** A machine whose {@code sh} is the system's. */
    public static LoopbackMachine start(Path home) {
        return start(home, List.of("sh"), PATH);
    }

    static LoopbackMachine start(Path home, List<String> shell, String path) {
        return start(home, KEYS.hostKey(TOKEN).keyPair(), shell, path);
    }

    static LoopbackMachine start(Path home, KeyPair hostKey, List<String> shell, String path) {
        try {
            Files.createDirectories(home.resolve("root/run/spate"));
            return new LoopbackMachine(
                    home, hostKey, KEYS.clientKey(TOKEN).keyPair().getPublic(), shell, path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails, and says what to install, if there is no such command on its path. */
    static void needs(String command) {
        assertThat(List.of(PATH.split(":")))
                .as("needs %s on the machine: apt-get install %1$s", command)
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
    }

    /** Where it listens, on loopback. */
    public int port() {
        return server.getPort();
    }

    /** The host key it shows, as a line of {@code known_hosts} without the host. */
    public static String hostKey() {
        return KEYS.hostKey(TOKEN).publicLine();
    }

    /** The private key it lets in, in OpenSSH's form. */
    public static String identity() {
        return KEYS.clientKey(TOKEN).privateText();
    }

    Target target() {
        return target(1);
    }

    Target target(long epoch) {
        return new Target(new MachineId("i-loopback"), "127.0.0.1", TOKEN, epoch);
    }

    SshSettings settings() {
        return new SshSettings(
                server.getPort(),
                "spate",
                java.time.Duration.ofSeconds(15),
                java.time.Duration.ofSeconds(2),
                java.util.Optional.empty(),
                dev.spate.job.ByteSize.ofMiB(1));
    }

    /** Breaks every connection, as a network would. */
    void dropConnections() {
        server.getActiveSessions().forEach(session -> session.close(true));
    }

    @Override
    public void close() throws IOException {
        server.close(true);
    }

    /** Runs a command line as sshd does: with the user's shell, in the home directory. */
    private final class ProcessCommand implements Command {
        private final String command;
        private @Nullable InputStream in;
        private @Nullable OutputStream out;
        private @Nullable OutputStream err;
        private @Nullable ExitCallback exit;
        private @Nullable Process process;

        ProcessCommand(String command) {
            this.command = command;
        }

        @Override
        public void setInputStream(InputStream in) {
            this.in = in;
        }

        @Override
        public void setOutputStream(OutputStream out) {
            this.out = out;
        }

        @Override
        public void setErrorStream(OutputStream err) {
            this.err = err;
        }

        @Override
        public void setExitCallback(ExitCallback exit) {
            this.exit = exit;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) throws IOException {
            commands.add(command);
            List<String> line = new ArrayList<>(shell);
            line.add("-c");
            line.add(command);
            ProcessBuilder builder = new ProcessBuilder(line).directory(home.toFile());
            builder.environment().clear();
            builder.environment().putAll(variables);
            builder.environment().put("HOME", home.toString());
            builder.environment().put("PATH", path);
            builder.environment().put("SPATE_ROOT", home.resolve("root").toString());
            InputStream in = requireNonNull(this.in);
            OutputStream out = requireNonNull(this.out);
            OutputStream err = requireNonNull(this.err);
            ExitCallback exit = requireNonNull(this.exit);
            Process started = builder.start();
            process = started;
            // Not virtual: reading from a pipe holds on to the thread that carries it.
            Thread.Builder threads = Thread.ofPlatform().daemon();
            var _ = threads.start(() -> copy(in, started.getOutputStream(), true));
            Thread copyingOut = threads.start(() -> copy(started.getInputStream(), out, false));
            Thread copyingErr = threads.start(() -> copy(started.getErrorStream(), err, false));
            Thread.startVirtualThread(
                    () -> {
                        try {
                            int code = started.waitFor();
                            copyingOut.join();
                            copyingErr.join();
                            exit.onExit(code);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
        }

        @Override
        public void destroy(ChannelSession channel) throws IOException {
            if (process != null) {
                process.getOutputStream().close();
            }
        }

        private static void copy(InputStream from, OutputStream to, boolean closes) {
            try {
                byte[] buffer = new byte[32 << 10];
                for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
                    to.write(buffer, 0, length);
                    to.flush();
                }
            } catch (IOException hungUp) {
                // The other side has gone.
            }
            if (closes) {
                try {
                    to.close();
                } catch (IOException alreadyGone) {
                    // As wanted.
                }
            }
        }
    }
}
