package dev.spate.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.fleet.MachineKeys.Planted;
import dev.spate.job.LaunchToken;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.junit.jupiter.api.Test;

class DerivedKeysTest {

    private static final String SECRET = "0123456789abcdef";
    private static final LaunchToken TOKEN = new LaunchToken("0f".repeat(32));

    private final DerivedKeys keys = keys(SECRET);

    @Test
    void plantsTheSameKeysForEver() {
        Planted planted = keys.planted(TOKEN);

        // A worker of another version must recompute the keys of machines that run.
        assertThat(planted.hostPublicKey())
                .isEqualTo(
                        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKYOskcbf6dwakdyPHvzKfiJ"
                                + "k8BDxTiOwylpPHse1vOp");
        assertThat(planted.authorizedKey())
                .isEqualTo(
                        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGas78CpX/52e/QvFMF0XTlQ"
                                + "c+E1RxeJ7GetOBxjyd6J");
        assertThat(planted.hostPrivateKey())
                .isEqualTo(
                        """
                        -----BEGIN OPENSSH PRIVATE KEY-----
                        b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gt
                        ZWQyNTUxOQAAACCmDrJHG3+ncGpHcjx78yn4iZPAQ8U4jsMpaTx7HtbzqQAAAIgAAAAA
                        AAAAAAAAAAtzc2gtZWQyNTUxOQAAACCmDrJHG3+ncGpHcjx78yn4iZPAQ8U4jsMpaTx7
                        HtbzqQAAAEDP0qDcIhF8wEjG+s10iXT5FpLJtq8tblXuTlRkSxc1CKYOskcbf6dwakdy
                        PHvzKfiJk8BDxTiOwylpPHse1vOpAAAAAAECAwQF
                        -----END OPENSSH PRIVATE KEY-----
                        """);
    }

    @Test
    void writesAPrivateKeyThatReadersOfOpenSshTake() throws Exception {
        Planted planted = keys.planted(TOKEN);

        Iterable<KeyPair> read =
                SecurityUtils.loadKeyPairIdentities(
                        null,
                        () -> "planted",
                        new ByteArrayInputStream(
                                planted.hostPrivateKey().getBytes(StandardCharsets.US_ASCII)),
                        null);

        KeyPair pair = read.iterator().next();
        assertThat(PublicKeyEntry.toString(pair.getPublic())).isEqualTo(planted.hostPublicKey());
        assertThat(PublicKeyEntry.toString(SecurityUtils.recoverEDDSAPublicKey(pair.getPrivate())))
                .isEqualTo(planted.hostPublicKey());
    }

    @Test
    void givesEveryLaunchSecretAndPurposeItsOwnKey() {
        LaunchToken other = new LaunchToken("f0".repeat(32));

        assertThat(keys.planted(TOKEN).hostPublicKey())
                .isNotEqualTo(keys.planted(other).hostPublicKey())
                .isNotEqualTo(keys(SECRET + "x").planted(TOKEN).hostPublicKey())
                .isNotEqualTo(keys.planted(TOKEN).authorizedKey());
    }

    @Test
    void showsNeitherSecretNorPrivateKeyInTexts() {
        String texts =
                "" + keys + keys.planted(TOKEN) + keys.hostKey(TOKEN) + keys.clientKey(TOKEN);

        assertThat(texts).doesNotContain(SECRET).doesNotContain("PRIVATE KEY");
    }

    @Test
    void refusesASecretThatCanBeGuessed() {
        assertThatThrownBy(() -> keys("short"))
                .hasMessage("secret: expected at least 16 bytes, found 5");
    }

    private static DerivedKeys keys(String secret) {
        return new DerivedKeys(secret.getBytes(StandardCharsets.US_ASCII));
    }
}
