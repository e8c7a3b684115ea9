package dev.spate.fleet;

import dev.spate.job.LaunchToken;

/**
 * Derives the keys of a launch's machines from the group's secret, the same for every worker of the
 * group.
 */
public interface MachineKeys {

    /** The keys of the machines of a launch. Pure; never blocks. */
    Planted planted(LaunchToken token);

    /**
     * What is planted on a machine at its first boot.
     *
     * @param hostPrivateKey the host key, in OpenSSH's private key format, many lines
     * @param hostPublicKey its public half, as in {@code known_hosts}: {@code ssh-ed25519 AAAA…}
     * @param authorizedKey the public key that may log in, as in {@code authorized_keys}
     */
    record Planted(String hostPrivateKey, String hostPublicKey, String authorizedKey) {
        /** Keeps the private key out of logs. */
        @Override
        public String toString() {
            return "Planted[" + hostPublicKey + "]";
        }
    }
}
