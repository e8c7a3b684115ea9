package dev.spate.fleet;

import dev.spate.job.LaunchToken;

/** Keys that open nothing, and differ from launch to launch. */
public final class FakeKeys implements MachineKeys {

    @Override
    public Planted planted(LaunchToken token) {
        String mark = token.value().substring(0, 12);
        return new Planted(
                "-----BEGIN OPENSSH PRIVATE KEY-----\n"
                        + mark
                        + "\n-----END OPENSSH PRIVATE KEY-----\n",
                "ssh-ed25519 AAAAhost" + mark,
                "ssh-ed25519 AAAAlogin" + mark);
    }
}
