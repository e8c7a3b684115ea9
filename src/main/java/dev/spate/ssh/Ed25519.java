package dev.spate.ssh;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Base64;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/** An Ed25519 key that follows from its seed, in the forms SSH knows. Immutable. */
final class Ed25519 {

    private static final String ALGORITHM = "ssh-ed25519";
    private static final int BLOCK_BYTES = 8;
    private static final int LINE_CHARACTERS = 70;

    private final byte[] seed;

    /**
     * @param seed 32 bytes
     */
    Ed25519(byte[] seed) {
        this.seed = seed.clone();
    }

    /** As MINA signs with it. It takes keys of BouncyCastle's only. */
    KeyPair keyPair() {
        try {
            return new KeyPair(
                    SecurityUtils.generateEDDSAPublicKey(ALGORITHM, publicBytes()),
                    SecurityUtils.generateEDDSAPrivateKey(ALGORITHM, seed));
        } catch (GeneralSecurityException | IOException impossible) {
            throw new IllegalStateException("BouncyCastle refuses an Ed25519 key", impossible);
        }
    }

    /** As in {@code known_hosts} and {@code authorized_keys}: algorithm and key. */
    String publicLine() {
        return ALGORITHM + " " + Base64.getEncoder().encodeToString(publicBlob());
    }

    /**
     * The private key in OpenSSH's format, without a passphrase; many lines, the last one ended.
     * The same key gives the same text: a launch must be repeatable to the letter.
     *
     * @see <a
     *     href="https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key?annotate=HEAD">PROTOCOL.key</a>
     */
    String privateText() {
        byte[] bytes =
                written(
                        out -> {
                            out.write("openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII));
                            string(out, ascii("none"));
                            string(out, ascii("none"));
                            string(out, new byte[0]);
                            out.writeInt(1);
                            string(out, publicBlob());
                            string(out, privateBlob());
                        });
        String base64 =
                Base64.getMimeEncoder(LINE_CHARACTERS, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN OPENSSH PRIVATE KEY-----\n"
                + base64
                + "\n-----END OPENSSH PRIVATE KEY-----\n";
    }

    private byte[] privateBlob() {
        return written(
                out -> {
                    // Two equal numbers tell a right passphrase from a wrong one. There is none.
                    out.writeInt(0);
                    out.writeInt(0);
                    string(out, ascii(ALGORITHM));
                    string(out, publicBytes());
                    out.writeInt(2 * seed.length);
                    out.write(seed);
                    out.write(publicBytes());
                    string(out, new byte[0]);
                    for (int pad = 1; out.size() % BLOCK_BYTES != 0; pad++) {
                        out.write(pad);
                    }
                });
    }

    private byte[] publicBlob() {
        return written(
                out -> {
                    string(out, ascii(ALGORITHM));
                    string(out, publicBytes());
                });
    }

    private byte[] publicBytes() {
        return new Ed25519PrivateKeyParameters(seed).generatePublicKey().getEncoded();
    }

    /** Keeps the private key out of logs. */
    @Override
    public String toString() {
        return "Ed25519[" + KeyUtils.getFingerPrint(keyPair().getPublic()) + "]";
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private static byte[] written(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writing.to(new DataOutputStream(bytes));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void string(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
