package dev.spate.fleet;

import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.Seat;
import java.time.Duration;
import java.util.List;

/** What is to be done about a demand. */
public sealed interface Plan {

    /** Every member has a seat in a launch to be made, or an idle machine. */
    record Placed(List<Seat> seats, List<Hold> reused) implements Plan {
        public Placed {
            seats = List.copyOf(seats);
            reused = List.copyOf(reused);
        }
    }

    /**
     * There is nothing to be had at present.
     *
     * @param why what is missing
     * @param pause after which it is worth asking again even if nothing is heard of before
     */
    record NotNow(Failure why, Duration pause) implements Plan {}

    /** It can never be had: something in the demand does not exist. */
    record Never(Failure why) implements Plan {}
}
