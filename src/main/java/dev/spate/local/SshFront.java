package dev.spate.local;

import dev.spate.async.Scheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.file.nativefs.NativeFileSystemFactory;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;
import org.jspecify.annotations.Nullable;

/**
 * The sshd of all machines: one server, one port, an address per machine. Which machine a session
 * is on, and so which host key it shows and who may log in, is told by the session's local address.
 */
final class SshFront extends SshServer {
    private static final int MUTE_BACKLOG = 100;

    private final Map<InetAddress, Machine> machines = new ConcurrentHashMap<>();
    private final Map<Machine, ServerSocket> mute = new ConcurrentHashMap<>();

    /**
     * Starts it, listening on no machine's address yet.
     *
     * @param address held while the front is open, so that two clouds on one port do not share a
     *     network
     * @throws IOException if the port of that address is taken
     */
    static SshFront start(Scheduler scheduler, InetAddress address, int port) throws IOException {
        SshFront front = new SshFront();
        ServerBuilder.builder().factory(() -> front).build();
        front.setHost(address.getHostAddress());
        front.setPort(port);
        front.configure(scheduler);
        front.start();
        return front;
    }

    private void configure(Scheduler scheduler) {
        // Cheapest first: a thousand machines may be logged into at once.
        setKeyExchangeFactories(
                NamedFactory.setUpTransformedFactories(
                        true,
                        List.of(
                                BuiltinDHFactories.mlkem768x25519,
                                BuiltinDHFactories.curve25519,
                                BuiltinDHFactories.curve25519_libssh,
                                BuiltinDHFactories.ecdhp256),
                        ServerBuilder.DH2KEX));
        setCipherFactories(
                List.of(
                        BuiltinCiphers.aes128gcm,
                        BuiltinCiphers.aes256gcm,
                        BuiltinCiphers.aes128ctr,
                        BuiltinCiphers.aes256ctr));
        CoreModuleProperties.TCP_NODELAY.set(this, true);
        CoreModuleProperties.IDLE_TIMEOUT.set(this, Duration.ZERO);
        CoreModuleProperties.NIO2_READ_TIMEOUT.set(this, Duration.ZERO);
        setKeyPairProvider(new HostKeys());
        setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        setPublickeyAuthenticator(
                (user, key, session) -> {
                    Machine machine = machineOf(session);
                    return machine != null && machine.mayLogIn(user, key);
                });
        setCommandFactory(
                (channel, command) ->
                        new RemoteCommand(
                                scheduler,
                                required(channel.getSession()),
                                List.of("/bin/sh", "-c", command)));
        setShellFactory(
                channel ->
                        new RemoteCommand(
                                scheduler, required(channel.getSession()), List.of("/bin/sh")));
        setFileSystemFactory(NativeFileSystemFactory.INSTANCE);
        setSubsystemFactories(
                List.of(
                        new SftpSubsystemFactory.Builder()
                                .withExecutorServiceProvider(VirtualThreads::new)
                                .withFileSystemAccessor(new FromHome())
                                .build()));
    }

    /**
     * Opens the port of a machine.
     *
     * @throws IOException if it is taken
     */
    void listen(Machine machine) throws IOException {
        if (machine.ailments().contains(Fault.MUTE_SSHD)) {
            // The system takes connections as long as nobody else does.
            mute.put(machine, new ServerSocket(getPort(), MUTE_BACKLOG, machine.address()));
            return;
        }
        machines.put(machine.address(), machine);
        acceptor.bind(new InetSocketAddress(machine.address(), getPort()));
    }

    /** Closes the port of a machine and drops its sessions. */
    void silence(Machine machine) {
        ServerSocket socket = mute.remove(machine);
        if (socket != null) {
            close(socket);
        }
        if (machines.remove(machine.address(), machine)) {
            acceptor.unbind(new InetSocketAddress(machine.address(), getPort()));
            dropSessions(machine);
        }
    }

    /** Drops the sessions of a machine, as a broken network would. */
    void dropSessions(Machine machine) {
        for (AbstractSession session : getActiveSessions()) {
            if (machine.address().equals(localAddress(session))) {
                session.close(true);
            }
        }
    }

    /** Reads no more of what comes for a machine, as a broken network would not. */
    void freezeSessions(Machine machine) {
        for (AbstractSession session : getActiveSessions()) {
            if (machine.address().equals(localAddress(session))) {
                session.getIoSession().suspendRead();
            }
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closed is closed.
        }
    }

    private @Nullable Machine machineOf(SessionContext session) {
        InetAddress address = localAddress(session);
        return address == null ? null : machines.get(address);
    }

    private Machine required(SessionContext session) throws IOException {
        Machine machine = machineOf(session);
        if (machine == null) {
            throw new IOException("no machine at " + session.getLocalAddress());
        }
        return machine;
    }

    private static @Nullable InetAddress localAddress(SessionContext session) {
        SocketAddress address = session.getLocalAddress();
        return address instanceof InetSocketAddress inet ? inet.getAddress() : null;
    }

    private final class HostKeys implements KeyPairProvider {
        @Override
        public Iterable<KeyPair> loadKeys(@Nullable SessionContext session) {
            Machine machine = session == null ? null : machineOf(session);
            return machine == null ? List.of() : List.of(machine.hostKey());
        }
    }

    /** The host's files; what is not absolute starts from the user's home on the machine. */
    private final class FromHome implements SftpFileSystemAccessor {
        @Override
        public Path resolveLocalFilePath(SftpSubsystemProxy subsystem, Path root, String path)
                throws IOException {
            ServerSession session = subsystem.getServerSession();
            return required(session).home(session.getUsername()).resolve(path);
        }
    }
}
