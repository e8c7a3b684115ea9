package dev.spate.ssh;

import dev.spate.fleet.Target;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.MachineId;
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

    /** Machines of somebody's own, by name. */
    static Logins listed(Map<MachineId, Login> logins) {
        Map<MachineId, Login> known = Map.copyOf(logins);
        return target -> {
            Login login = known.get(target.machine());
            return login == null
                    ? Answer.failed(
                            Failure.Kind.INVALID,
                            target.machine() + " is not in the list of machines")
                    : Answer.ok(login);
        };
    }
}
