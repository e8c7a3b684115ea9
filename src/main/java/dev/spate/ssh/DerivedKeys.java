package dev.spate.ssh;

import dev.spate.fleet.MachineKeys;
import dev.spate.job.LaunchToken;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Keys that follow from the group's secret and a launch's token, by HKDF-SHA256: whoever has the
 * secret has all keys of all launches, and nobody needs to store one.
 *
 * <p>Immutable. The secret shows in no text.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5869">RFC 5869</a>
 */
public final class DerivedKeys implements MachineKeys {

    /** The fewest bytes a secret has. */
    public static final int SECRET_BYTES_MIN = 16;

    private static final int SEED_BYTES = 32;

    private final byte[] secret;

    /**
     * @param secret the group's, at least {@link #SECRET_BYTES_MIN} bytes that nobody can guess
     */
    public DerivedKeys(byte[] secret) {
        if (secret.length < SECRET_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "secret: expected at least "
                            + SECRET_BYTES_MIN
                            + " bytes, found "
                            + secret.length);
        }
        this.secret = secret.clone();
    }

    @Override
    public Planted planted(LaunchToken token) {
        Ed25519 host = hostKey(token);
        return new Planted(host.privateText(), host.publicLine(), clientKey(token).publicLine());
    }

    /** The key a machine of the launch shows. */
    Ed25519 hostKey(LaunchToken token) {
        return key("spate host key", token);
    }

    /** The key that opens a machine of the launch. */
    Ed25519 clientKey(LaunchToken token) {
        return key("spate client key", token);
    }

    private Ed25519 key(String purpose, LaunchToken token) {
        byte[] info = (purpose + token.value()).getBytes(StandardCharsets.US_ASCII);
        try {
            return new Ed25519(
                    KDF.getInstance("HKDF-SHA256")
                            .deriveData(
                                    HKDFParameterSpec.ofExtract()
                                            .addIKM(secret)
                                            .thenExpand(info, SEED_BYTES)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("This JDK has no HKDF-SHA256", impossible);
        }
    }

    @Override
    public String toString() {
        return "DerivedKeys";
    }
}
