package dev.spate.local;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * Something that goes wrong in a {@link SimulatedCloud}, by a chance from 0 (never) to 1 (always).
 */
public enum Fault {
    /** A call is not carried out. */
    SERVER_ERROR("serverError", "a call does nothing and answers InternalError (500)"),
    /** A call is carried out, and nobody is told. */
    LOST_REPLY("lostReply", "a call is carried out, and its connection closed instead of answered"),
    /** A call is not carried out, and nobody is told. */
    UNREACHABLE("unreachable", "a call's connection is closed and nothing done; 1 is an outage"),
    /** A call is refused, whatever the buckets hold. */
    THROTTLED("throttled", "a call is refused with RequestLimitExceeded"),
    /** A call is refused because of who makes it. */
    EXPIRED_CREDENTIALS("expiredCredentials", "a call is refused with RequestExpired"),
    /** A launch finds no machines. */
    NO_CAPACITY("noCapacity", "a launch is refused with InsufficientInstanceCapacity"),
    /** A launch that is repeated is taken for another one. */
    TOKEN_MISMATCH(
            "tokenMismatch", "a repeated launch is refused with IdempotentParameterMismatch"),
    /** Nobody may end machines. */
    TERMINATE_DENIED("terminateDenied", "TerminateInstances is refused: UnauthorizedOperation"),
    /** Machines that are there are not found when they are to end. */
    TERMINATE_NOT_FOUND(
            "terminateNotFound",
            "TerminateInstances says InvalidInstanceID.NotFound of what is there"),
    /** A machine never gets further. */
    STUCK_PENDING("stuckPending", "a machine stays pending"),
    /** A machine ends before it runs. */
    FAILED_BOOT("failedBoot", "a machine goes from pending to terminated: Server.InternalError"),
    /** A machine cannot be reached. */
    DEAD_SSHD("deadSshd", "a machine runs but never listens: connections are refused"),
    /** A machine can be reached and is of no use. */
    MUTE_SSHD("muteSshd", "a machine takes connections and never says a word on them"),
    /** A machine can be reached late. */
    SLOW_SSHD("slowSshd", "a machine listens later, by delays.slowSshd"),
    /** A machine has another key than it was told to have. */
    WRONG_HOST_KEY(
            "wrongHostKey", "a machine has a host key of its own instead of the planted one"),
    /** A machine lets nobody in. */
    BAD_LOGIN("badLogin", "a machine knows none of the planted users' keys"),
    /** A machine's network hiccups. */
    DROPPED_SESSIONS(
            "droppedSessions", "a machine's SSH connections break once, within delays.breakdown"),
    /** A machine's network loses packets, all of them. */
    HALF_OPEN_SESSIONS(
            "halfOpenSessions",
            "a machine stops hearing its SSH connections, which stay open, within"
                    + " delays.breakdown"),
    /** A machine runs out of memory. */
    KILLED_PROCESS(
            "killedProcess",
            "a machine's oldest process that no login shell watches over is killed with SIGKILL,"
                    + " within delays.breakdown"),
    /** A machine's disk is full. */
    FULL_DISK("fullDisk", "no file of a machine grows beyond 1 MiB; df then says: full"),
    /** A machine's clock is wrong. */
    WRONG_CLOCK("wrongClock", "date on a machine is a day and some ahead"),
    /** A spot machine is taken away. */
    SPOT_INTERRUPTION(
            "spotInterruption",
            "a spot machine is given notice (as instance metadata) within delays.interruption of"
                    + " running, and delays.notice later taken away:"
                    + " Server.SpotInstanceTermination");

    private final String word;
    private final String meaning;

    Fault(String word, String meaning) {
        this.word = word;
        this.meaning = meaning;
    }

    /** What a command line calls it. */
    public String word() {
        return word;
    }

    /** In a line, for people. */
    public String meaning() {
        return meaning;
    }

    static Optional<Fault> named(String word) {
        return Stream.of(values()).filter(one -> one.word.equals(word)).findFirst();
    }
}
