package dev.spate.job;

/**
 * Something that went wrong and was to be expected: whose it is, whether trying again can help, and
 * what to tell a person.
 *
 * @param kind the class of failure
 * @param message one line: what was wrong, where, and, where there is something, what to do; what
 *     cannot be sent as UTF-8 is replaced, and what is beyond 2,000 characters is cut
 */
public record Failure(Kind kind, String message) {

    private static final int MESSAGE_LENGTH_MAX = 2_000;

    public Failure {
        message = Text.oneLine(message);
        if (message.length() > MESSAGE_LENGTH_MAX) {
            message = Text.start(message, MESSAGE_LENGTH_MAX) + "…";
        }
    }

    /** Whether trying again can help. */
    public boolean isRetriable() {
        return kind.isRetriable;
    }

    @Override
    public String toString() {
        return kind + ": " + message;
    }

    /** Who has to do something about a failure. */
    public enum Owner {
        USER,
        CAPACITY,
        INFRASTRUCTURE,
        SECURITY,
        SPATE
    }

    /** The classes of failure. */
    public enum Kind {
        /** The message cannot be carried out as it is. */
        INVALID(Owner.USER, false),
        /** The cloud has no such machine to give at the moment, or refuses to give it to us. */
        CAPACITY(Owner.CAPACITY, true),
        /** The account may not have more such machines at the moment. */
        QUOTA(Owner.CAPACITY, true),
        /** The cloud asks for fewer calls. */
        THROTTLED(Owner.CAPACITY, true),
        /** Network, cloud, or a machine that does not come up. */
        INFRASTRUCTURE(Owner.INFRASTRUCTURE, true),
        /** A machine that was up is gone, and what ran on it with it. */
        LOST(Owner.INFRASTRUCTURE, true),
        /** The job ran longer than it may. */
        TIMEOUT(Owner.USER, true),
        /**
         * The job, or its setup, ended with an exit code other than zero or did not leave what it
         * had declared.
         */
        JOB(Owner.USER, true),
        /** Somebody asked for the job not to be done. */
        CANCELLED(Owner.USER, false),
        /** A machine is not the one it should be. */
        SECURITY(Owner.SECURITY, true),
        /** A mistake of Spate's. */
        INTERNAL(Owner.SPATE, false);

        private final Owner owner;
        private final boolean isRetriable;

        Kind(Owner owner, boolean isRetriable) {
            this.owner = owner;
            this.isRetriable = isRetriable;
        }

        /** Who has to do something about it. */
        public Owner owner() {
            return owner;
        }
    }
}
