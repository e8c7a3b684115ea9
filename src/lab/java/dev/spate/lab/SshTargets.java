package dev.spate.lab;

import dev.spate.fleet.MachineKeys.Planted;
import dev.spate.job.LaunchToken;
import dev.spate.ssh.DerivedKeys;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;

/** A thousand machines, as far as a client can tell: every command is answered at once. */
final class SshTargets {

    static final String IDENTITY = "identity";
    static final String HOST_KEY = "host.pub";

    private SshTargets() {}

    /** Writes keys into the directory, tells the port, and serves until its input ends. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        DerivedKeys keys =
                new DerivedKeys("known to everybody".getBytes(StandardCharsets.US_ASCII));
        Planted host = keys.planted(new LaunchToken("a".repeat(64)));
        Planted client = keys.planted(new LaunchToken("b".repeat(64)));
        Path identity = directory.resolve(IDENTITY);
        Files.createFile(
                identity,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(identity, client.hostPrivateKey());
        Files.writeString(directory.resolve(HOST_KEY), host.hostPublicKey());
        try (SshServer server = server(host, client.hostPublicKey())) {
            server.start();
            ChildJvm.tell(Integer.toString(server.getPort()));
            while (System.in.read() >= 0) {
                // Nothing is ever said but the end.
            }
        }
        System.exit(0);
    }

    private static SshServer server(Planted host, String authorized) throws Exception {
        SshServer server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        KeyPair hostKey =
                Objects.requireNonNull(
                                SecurityUtils.loadKeyPairIdentities(
                                        null,
                                        NamedResource.ofName("host"),
                                        new ByteArrayInputStream(
                                                host.hostPrivateKey()
                                                        .getBytes(StandardCharsets.US_ASCII)),
                                        FilePasswordProvider.EMPTY))
                        .iterator()
                        .next();
        var allowed =
                AuthorizedKeyEntry.parseAuthorizedKeyEntry(authorized)
                        .resolvePublicKey(null, Map.of(), PublicKeyEntryResolver.FAILING);
        server.setKeyPairProvider(KeyPairProvider.wrap(List.of(hostKey)));
        server.setPublickeyAuthenticator((_, key, _) -> KeyUtils.compareKeys(key, allowed));
        server.setCommandFactory((_, _) -> new Answering());
        CoreModuleProperties.TCP_NODELAY.set(server, true);
        // A thousand machines have a thousand queues of those who wait to be let in; this has one.
        CoreModuleProperties.SOCKET_BACKLOG.set(server, 4096);
        return server;
    }

    /** Says at once that no such run has been started, and ends. */
    private static final class Answering implements Command {
        private @Nullable OutputStream out;
        private @Nullable ExitCallback exit;

        @Override
        public void setInputStream(InputStream in) {}

        @Override
        public void setOutputStream(OutputStream out) {
            this.out = out;
        }

        @Override
        public void setErrorStream(OutputStream err) {}

        @Override
        public void setExitCallback(ExitCallback exit) {
            this.exit = exit;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) throws IOException {
            OutputStream to = Objects.requireNonNull(out);
            to.write("spate:none\n".getBytes(StandardCharsets.US_ASCII));
            to.flush();
            Objects.requireNonNull(exit).onExit(0);
        }

        @Override
        public void destroy(ChannelSession channel) {}
    }
}
