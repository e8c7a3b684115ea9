package dev.spate.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.core.CoreModuleProperties;

/** Logs into machines as a worker would: a host key it planted, a client key it planted. */
final class Guests implements AutoCloseable {
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    private final KeyPair hostKey = key();
    private final KeyPair clientKey = key();
    private final SshClient client;

    Guests() {
        client = SshClient.setUpDefaultClient();
        client.setKeyExchangeFactories(
                NamedFactory.setUpTransformedFactories(
                        true,
                        List.of(BuiltinDHFactories.curve25519),
                        org.apache.sshd.client.ClientBuilder.DH2KEX));
        CoreModuleProperties.TCP_NODELAY.set(client, true);
        client.setServerKeyVerifier(
                (session, address, key) -> KeyUtils.compareKeys(key, hostKey.getPublic()));
        client.start();
    }

    /** User data that plants both keys for the user {@code spate}, with more lines of YAML. */
    String userData(String... moreYaml) {
        String yaml =
                "#cloud-config\nssh_keys:\n  ed25519_private: |\n"
                        + privateKey(hostKey).indent(4)
                        + "users:\n  - name: spate\n    ssh_authorized_keys:\n      - "
                        + PublicKeyEntry.toString(clientKey.getPublic())
                        + "\n"
                        + String.join("\n", moreYaml)
                        + "\n";
        return Base64.getEncoder().encodeToString(yaml.getBytes(StandardCharsets.UTF_8));
    }

    /** What came of a command. */
    record Ran(int exit, String out, String err) {}

    ClientSession logIn(String address, int port) throws IOException {
        return logIn(address, port, clientKey);
    }

    ClientSession logIn(String address, int port, KeyPair key) throws IOException {
        ClientSession session =
                client.connect("spate", address, port).verify(WAIT_MAX).getSession();
        try {
            session.addPublicKeyIdentity(key);
            session.auth().verify(WAIT_MAX);
            return session;
        } catch (IOException e) {
            session.close(true);
            throw e;
        }
    }

    Ran run(String address, int port, String command) throws IOException {
        try (ClientSession session = logIn(address, port)) {
            return run(session, command, "");
        }
    }

    static Ran run(ClientSession session, String command, String stdin) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (ChannelExec channel = session.createExecChannel(command)) {
            channel.setIn(new java.io.ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)));
            channel.setOut(out);
            channel.setErr(err);
            channel.open().verify(WAIT_MAX);
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), WAIT_MAX);
            Integer exit = channel.getExitStatus();
            return new Ran(
                    exit == null ? -1 : exit,
                    out.toString(StandardCharsets.UTF_8),
                    err.toString(StandardCharsets.UTF_8));
        }
    }

    PublicKey hostKey() {
        return hostKey.getPublic();
    }

    static KeyPair key() {
        try {
            return KeyUtils.generateKeyPair("ssh-ed25519", 256);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String privateKey(KeyPair key) {
        try {
            ByteArrayOutputStream pem = new ByteArrayOutputStream();
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(key, "host", null, pem);
            return pem.toString(StandardCharsets.US_ASCII);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.stop();
    }
}
