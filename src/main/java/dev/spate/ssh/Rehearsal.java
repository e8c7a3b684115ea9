package dev.spate.ssh;

import dev.spate.fleet.Target;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.command.AbstractCommandSupport;

/**
 * A machine that is none: a server on loopback, for a moment, which lets in one key that nobody
 * else has and whose commands do nothing. The first session of a JVM takes a second or two, most of
 * it to load and compile; better that it is not a job's.
 */
final class Rehearsal implements AutoCloseable {

    private static final int SEED_BYTES = 32;

    private final Ed25519 hostKey;
    private final Ed25519 identity;
    private final SshServer server;

    private Rehearsal(Ed25519 hostKey, Ed25519 identity) {
        this.hostKey = hostKey;
        this.identity = identity;
        this.server = SshServer.setUpDefaultServer();
    }

    static Rehearsal start() throws IOException {
        Rehearsal rehearsal = new Rehearsal(anyKey(), anyKey());
        rehearsal.listen();
        return rehearsal;
    }

    private void listen() throws IOException {
        server.setHost("127.0.0.1");
        server.setNioWorkers(1);
        server.setKeyPairProvider(KeyPairProvider.wrap(List.of(hostKey.keyPair())));
        server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        server.setPublickeyAuthenticator(
                (_, key, _) -> KeyUtils.compareKeys(key, identity.keyPair().getPublic()));
        server.setCommandFactory(
                (_, command) ->
                        new AbstractCommandSupport(command, null) {
                            @Override
                            public void run() {
                                Objects.requireNonNull(getExitCallback()).onExit(0);
                            }
                        });
        server.start();
    }

    Target target() {
        return new Target(new MachineId("rehearsal"), "127.0.0.1", new LaunchToken("0".repeat(64)));
    }

    Login login() {
        return new Login(
                server.getPort(), "rehearsal", hostKey.keyPair().getPublic(), identity.keyPair());
    }

    @Override
    public void close() throws IOException {
        server.close(true);
    }

    private static Ed25519 anyKey() {
        byte[] seed = new byte[SEED_BYTES];
        new SecureRandom().nextBytes(seed);
        return new Ed25519(seed);
    }
}
