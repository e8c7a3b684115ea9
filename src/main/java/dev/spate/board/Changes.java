package dev.spate.board;

import dev.spate.job.JobId;
import java.time.Instant;

/** Every job's changes, of all workers, as they come. */
public interface Changes {

    /**
     * Begins to listen, from about now on. Returns at once.
     *
     * @return ends the listening when closed; does not block
     */
    Listening listen(Listener listener);

    /**
     * Who wants to know. Called by one thread at a time, of which it should not keep hold for long:
     * all listeners wait for one another.
     */
    interface Listener {

        /** A job is new, or has come further. */
        void changed(JobRow row);

        /** A job is forgotten. */
        void gone(JobId id);

        /**
         * Something may have been missed, and will be told no more: look at the board anew. Ends
         * what {@link #stale} began.
         */
        void missed();

        /**
         * Nothing is heard any more, until {@link #missed}; told again every now and then.
         *
         * @param since when something was last heard; when the worker began if nothing was
         */
        void stale(Instant since);
    }

    /** A listener that is being told. */
    interface Listening extends AutoCloseable {
        @Override
        void close();
    }
}
