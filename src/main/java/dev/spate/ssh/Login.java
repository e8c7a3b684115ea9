package dev.spate.ssh;

import java.security.KeyPair;
import java.security.PublicKey;

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

    /** Keeps the identity out of logs. */
    @Override
    public String toString() {
        return "Login[" + user + ", port " + port + "]";
    }
}
