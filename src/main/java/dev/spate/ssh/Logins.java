package dev.spate.ssh;

import dev.spate.fleet.Target;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import java.util.Map;

/** Knows how to log in to machines. Never blocks; safe for any thread. */
@FunctionalInterface
public interface Logins {

    /** The login of a machine, or INVALID if there is none. */
    Answer<Login> of(Target target);

    /** Machines that were launched with derived keys planted on them. */
    static Logins planted(DerivedKeys keys, SshSettings settings) {
        return target ->
                Answer.ok(
                        new Login(
                                settings.port(),
                                settings.user(),
                                keys.hostKey(target.token()).keyPair().getPublic(),
                                keys.clientKey(target.token()).keyPair()));
    }

    /**
     * Machines of somebody's own.
     *
     * @param logins by the machine's name: what stands before the colon in its id
     */
    static Logins listed(Map<String, Login> logins) {
        Map<String, Login> known = Map.copyOf(logins);
        return target -> {
            String id = target.machine().value();
            int colon = id.indexOf(':');
            Login login = known.get(colon < 0 ? id : id.substring(0, colon));
            return login == null
                    ? Answer.failed(Failure.Kind.INVALID, id + " is not in the list of machines")
                    : Answer.ok(login);
        };
    }
}
