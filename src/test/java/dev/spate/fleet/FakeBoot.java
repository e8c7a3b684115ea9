package dev.spate.fleet;

import dev.spate.job.Launch;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a machine made of its user data at its first boot.
 *
 * @param lease after which it ends by itself; empty if nobody armed it
 * @param hostKey the host key it shows
 * @param loginKey the key that opens it
 */
record FakeBoot(Optional<Duration> lease, String hostKey, String loginKey) {

    /** A machine that nobody of the group has told anything. */
    static final FakeBoot STRANGE =
            new FakeBoot(Optional.empty(), "ssh-ed25519 AAAAstrange", "ssh-ed25519 AAAAstrange");

    private static final Pattern LEASE = Pattern.compile("left=(\\d+)");
    private static final Pattern HOST_KEY = Pattern.compile("ed25519_public: (.+)");
    private static final Pattern LOGIN_KEY = Pattern.compile("ssh_authorized_keys:\\s+- (.+)");

    /** Text that is not for cloud-init is taken for a lease as long as the launch says. */
    static FakeBoot of(Launch launch, String userData) {
        return userData.startsWith("#cloud-config")
                ? new FakeBoot(
                        Optional.of(found(LEASE, userData))
                                .filter(seconds -> !seconds.isEmpty())
                                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds))),
                        found(HOST_KEY, userData),
                        found(LOGIN_KEY, userData))
                : new FakeBoot(Optional.of(launch.lease()), "", "");
    }

    private static String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : "";
    }
}
