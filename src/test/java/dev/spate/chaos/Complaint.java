package dev.spate.chaos;

/**
 * Something that must not be.
 *
 * @param wrong what kind
 * @param about the job or machine, and what is the matter with it
 */
record Complaint(Wrong wrong, String about) {

    /** The counts that have to be 0. */
    enum Wrong {
        LOST("lost"),
        DUPLICATES("duplicates"),
        WRONG_RESULTS("wrong results"),
        OVERLAPPING_RUNS("overlapping runs"),
        RESTARTED_RUNS("restarted runs"),
        KILLED_RUNS("killed runs"),
        WRONG_REJECTS("wrong rejects"),
        UNFINISHED_IN_JOURNAL("unfinished in the journal"),
        LEAKED_MACHINES("leaked machines"),
        FOREIGN_MACHINES_TOUCHED("foreign machines touched"),
        LATE_ADOPTIONS("late adoptions"),
        SURPRISES("processes that misbehaved");

        private final String words;

        Wrong(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    @Override
    public String toString() {
        return wrong.words() + ": " + about;
    }
}
