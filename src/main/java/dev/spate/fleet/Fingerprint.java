package dev.spate.fleet;

import dev.spate.job.LaunchToken;
import dev.spate.job.Role;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Names for things that are the same wherever they are computed. Pure. */
public final class Fingerprint {

    private Fingerprint() {}

    /**
     * Names what a machine has to go through before it can serve a role: its setup and the
     * variables the setup sees. Empty if the role has no setup: then a machine that has gone
     * through none will do, and no other.
     */
    public static String preparation(Role role) {
        if (role.setup().isEmpty()) {
            return "";
        }
        MessageDigest digest = sha256();
        update(digest, role.setup().get());
        role.env()
                .forEach(
                        (name, value) -> {
                            update(digest, name);
                            update(digest, value);
                        });
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Names a launch by those who need it, so that the same need is never met twice.
     *
     * @param places {@code job/publication/member/attempt/launches} of every seat, in order
     */
    static LaunchToken token(String group, int shard, List<String> places) {
        MessageDigest digest = sha256();
        update(digest, group);
        update(digest, Integer.toString(shard));
        places.forEach(place -> update(digest, place));
        return new LaunchToken(HexFormat.of().formatHex(digest.digest()));
    }

    /** Each part goes in with its length, so that no two lists of parts look alike. */
    private static void update(MessageDigest digest, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
