package dev.spate.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.util.security.SecurityUtils;

/**
 * How to be let onto a machine, and how to know that it is the one.
 *
 * @param port where its SSH server listens, 1 to 65535
 * @param user who to be there
 * @param hostKey the only key the machine may show
 * @param identity the key that opens it
 */
public record Login(int port, String user, PublicKey hostKey, KeyPair identity) {

    public Login {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: expected 1 to 65535, found " + port);
        }
        if (user.isBlank()) {
            throw new IllegalArgumentException("user: expected a name, found none");
        }
    }

    /**
     * A login to a machine of somebody's own. Reads the identity from a file.
     *
     * @param hostKey the machine's public key: {@code ssh-ed25519 AAAA…}
     * @param identity a private key without a passphrase, in any format of OpenSSH's
     * @throws IllegalArgumentException if key or identity cannot be read
     */
    public static Login read(int port, String user, String hostKey, Path identity) {
        try (InputStream in = Files.newInputStream(identity)) {
            PublicKey key =
                    AuthorizedKeyEntry.parseAuthorizedKeyEntry(hostKey)
                            .resolvePublicKey(null, Map.of(), PublicKeyEntryResolver.FAILING);
            Iterator<KeyPair> pairs =
                    Objects.requireNonNullElse(
                                    SecurityUtils.loadKeyPairIdentities(
                                            null,
                                            NamedResource.ofName(identity.toString()),
                                            in,
                                            FilePasswordProvider.EMPTY),
                                    List.<KeyPair>of())
                            .iterator();
            if (!pairs.hasNext()) {
                throw new IllegalArgumentException(
                        "identity: expected a private key, found none in " + identity);
            }
            return new Login(port, user, key, pairs.next());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "hostKey, identity: cannot be read: " + e.getMessage(), e);
        }
    }

    /** Keeps the identity out of logs. */
    @Override
    public String toString() {
        return "Login[" + user + ", port " + port + "]";
    }
}
