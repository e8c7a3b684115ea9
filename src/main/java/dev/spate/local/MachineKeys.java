package dev.spate.local;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.security.SecurityUtils;

/** Reads the keys in user data. What is no key is left out, as sshd leaves it out. */
final class MachineKeys {
    private MachineKeys() {}

    /** The planted host key, or a fresh one. */
    static KeyPair hostKey(Optional<String> planted) {
        try {
            if (planted.isPresent()) {
                Iterable<KeyPair> pairs =
                        SecurityUtils.loadKeyPairIdentities(
                                null,
                                NamedResource.ofName("ssh_keys.ed25519_private"),
                                new ByteArrayInputStream(
                                        planted.get().getBytes(StandardCharsets.UTF_8)),
                                null);
                if (pairs != null && pairs.iterator().hasNext()) {
                    return pairs.iterator().next();
                }
            }
            return fresh();
        } catch (IOException | GeneralSecurityException e) {
            return fresh();
        }
    }

    static KeyPair fresh() {
        try {
            return KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 needs BouncyCastle on the class path", e);
        }
    }

    /** The keys of each user. */
    static Map<String, List<PublicKey>> logins(List<UserData.User> users) {
        Map<String, List<PublicKey>> logins = new HashMap<>();
        for (UserData.User user : users) {
            List<PublicKey> keys = new ArrayList<>();
            for (String line : user.authorizedKeys()) {
                publicKey(line).ifPresent(keys::add);
            }
            logins.put(user.name(), List.copyOf(keys));
        }
        return logins;
    }

    /** The same users, and no key opens. */
    static Map<String, List<PublicKey>> none(List<UserData.User> users) {
        Map<String, List<PublicKey>> logins = new HashMap<>();
        users.forEach(user -> logins.put(user.name(), List.of()));
        return logins;
    }

    private static Optional<PublicKey> publicKey(String line) {
        try {
            AuthorizedKeyEntry entry = AuthorizedKeyEntry.parseAuthorizedKeyEntry(line);
            return entry == null
                    ? Optional.empty()
                    : Optional.ofNullable(
                            entry.resolvePublicKey(null, PublicKeyEntryResolver.IGNORING));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
