package dev.spate.simulation;

/** What the weather can do, and whom it hits. */
enum Fault {
    WORKER_KILLED(Scope.WORKER, "a worker is killed at any step"),
    WORKER_KILLED_AT(Scope.WORKER, "a worker is killed right at a commit, call or exchange"),
    WORKER_PAUSED(Scope.WORKER, "a worker is stopped for less than its session"),
    WORKER_PAUSED_LONG(Scope.WORKER, "a worker is stopped, replaced, and goes on"),
    WORKER_CLOSED(Scope.WORKER, "a worker is told to end"),
    WORKER_CUT_OFF(Scope.WORKER, "a worker does not reach the brokers, and is replaced"),
    SHARD_MOVED(Scope.WORKER, "a shard moves in good order"),
    SHARD_FENCED(Scope.WORKER, "an owner loses its shard untold"),
    WALL_CLOCK_JUMPS(Scope.CLOCK, "a worker's wall clock jumps"),

    COMMIT_SLOW(Scope.BROKERS, "a commit takes seconds"),
    COMMIT_UNTOLD(Scope.BROKERS, "a commit comes true, its reply is lost"),
    COMMIT_LOST(Scope.BROKERS, "a commit never comes true, without a reply"),
    COMMIT_LATE(Scope.BROKERS, "a commit comes true after it was given up"),
    BROKERS_AWAY(Scope.BROKERS, "no broker answers for a while"),

    CALLS_FAIL(Scope.CLOUD, "a call to the cloud fails, or its reply is lost"),
    CALLS_SLOW(Scope.CLOUD, "a call takes long"),
    LAUNCH_UNKNOWN(Scope.CLOUD, "a launch has no known outcome"),
    READS_LAG(Scope.CLOUD, "reads of the cloud lag behind"),
    CLOUD_DEAF(Scope.CLOUD, "terminate calls are answered and forgotten"),
    NO_CAPACITY(Scope.CLOUD, "a pool has no machines"),
    NO_QUOTA(Scope.CLOUD, "a market's quota is used up"),

    DIES_PENDING(Scope.MACHINE, "a machine dies while it boots"),
    DIES(Scope.MACHINE, "a machine dies"),
    SPOT_TAKEN(Scope.MACHINE, "a spot machine is taken away"),
    SPOT_NOTICE(Scope.MACHINE, "a spot machine is taken away, after a notice"),
    NEVER_UP(Scope.MACHINE, "a machine never lets anybody connect"),
    CUT_OFF(Scope.MACHINE, "a machine cannot be reached for a while"),
    LOCKED(Scope.MACHINE, "a machine refuses the login"),
    SSHD_SLOW(Scope.MACHINE, "a machine answers slowly"),
    IMPOSTOR(Scope.MACHINE, "another machine answers at its address"),
    SEVERED(Scope.MACHINE, "connections to a machine break"),
    HALF_OPEN(Scope.MACHINE, "connections to a machine go silent"),
    EXCHANGES_BREAK(Scope.MACHINE, "an exchange breaks, done or not"),
    WRAPPER_KILLED(Scope.MACHINE, "a run's wrapper is killed"),
    DENIED(Scope.MACHINE, "the cloud denies a machine for a while"),
    WILL_NOT_END(Scope.MACHINE, "a machine cannot be ended for a while"),

    FOREIGN(Scope.ACCOUNT, "another group's machine is in the account"),
    UNOWNED(Scope.ACCOUNT, "a machine of a shard that nobody owns"),
    ORPHAN(Scope.ACCOUNT, "a machine of ours that no journal knows");

    /** Who is hit. */
    enum Scope {
        WORKER,
        CLOCK,
        BROKERS,
        CLOUD,
        MACHINE,
        ACCOUNT
    }

    private final Scope scope;
    private final String sentence;

    Fault(Scope scope, String sentence) {
        this.scope = scope;
        this.sentence = sentence;
    }

    Scope scope() {
        return scope;
    }

    /** For a person who reads a table. */
    String sentence() {
        return sentence;
    }
}
