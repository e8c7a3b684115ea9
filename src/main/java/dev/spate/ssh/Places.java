package dev.spate.ssh;

import dev.spate.fleet.RunKey;
import dev.spate.fleet.Setup;
import java.util.regex.Pattern;

/** Where things are on a machine, below {@code ~/.spate}. */
final class Places {

    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");

    private Places() {}

    /** The directory of a run: job, member, attempt. */
    static String of(RunKey key) {
        return key.job() + "/" + key.member() + "/" + key.attempt();
    }

    /** The directory of a preparation. */
    static String of(Setup setup) {
        if (!FINGERPRINT.matcher(setup.fingerprint()).matches()) {
            throw new IllegalArgumentException(
                    "fingerprint: expected 64 hexadecimal digits, found " + setup.fingerprint());
        }
        return "setup/" + setup.fingerprint();
    }
}
