package dev.spate.cli;

import dev.spate.async.Scheduler;
import dev.spate.fleet.FleetEvents;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the cloud lets this worker do anything at all, from how its calls end: a call that
 * is refused for want of capacity is in order, one without credentials is not. Safe for any thread.
 */
final class CloudWatch implements FleetEvents {

    /** What goes by within this is not worth a word. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    /** The ends of calls that did not reach EC2, and those of whoever may not call it. */
    private static final Set<String> TROUBLES =
            Set.of(
                    "timeout",
                    "connection",
                    "credentials",
                    "client",
                    "malformed",
                    "AuthFailure",
                    "UnauthorizedOperation",
                    "AccessDenied",
                    "AccessDeniedException",
                    "ExpiredToken",
                    "ExpiredTokenException",
                    "RequestExpired",
                    "InvalidClientTokenId",
                    "UnrecognizedClientException",
                    "SignatureDoesNotMatch",
                    "OptInRequired",
                    "Blocked");

    private final FleetEvents next;
    private final Scheduler scheduler;

    /** Guarded by this. */
    private @Nullable Trouble trouble;

    /**
     * @param next is told everything, too
     */
    CloudWatch(FleetEvents next, Scheduler scheduler) {
        this.next = next;
        this.scheduler = scheduler;
    }

    /** What has been wrong for more than a minute, and still was when it was last tried. */
    synchronized Optional<String> trouble() {
        return Optional.ofNullable(trouble)
                .filter(current -> current.lasted().compareTo(GRACE) > 0)
                .map(current -> "EC2: " + current.action() + " fails: " + current.code());
    }

    @Override
    public void cloudCall(String action, String code, Duration took) {
        next.cloudCall(action, code, took);
        long nanos = scheduler.nanoTime();
        synchronized (this) {
            if (!isTrouble(code)) {
                trouble = null;
            } else {
                long since = trouble == null ? nanos : trouble.sinceNanos();
                trouble = new Trouble(action, code, since, nanos);
            }
        }
    }

    /** Some codes have subcodes: {@code AuthFailure.ServiceLinkedRoleCreationNotPermitted}. */
    private static boolean isTrouble(String code) {
        int dot = code.indexOf('.');
        return TROUBLES.contains(dot < 0 ? code : code.substring(0, dot));
    }

    private record Trouble(String action, String code, long sinceNanos, long lastNanos) {
        Duration lasted() {
            return Duration.ofNanos(lastNanos - sinceNanos);
        }
    }
}
