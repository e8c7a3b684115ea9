package dev.spate.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** What is wrong with the brokers behind {@link FakeTopics}. */
public final class FakeBrokers {

    /** What becomes of a transaction. */
    public enum Fate {
        /** It comes true, and who wrote it is told. */
        TRUE,
        /** It comes true, and the reply is lost. */
        TRUE_UNTOLD,
        /** It never comes true, and there is no reply. */
        NEVER,
        /** There is no reply, and it comes true after that, unless the writer is fenced before. */
        TRUE_LATER
    }

    /** A transaction's fate, and how much longer than usual it takes. */
    record Transaction(Fate fate, Duration delay) {
        static final Transaction USUAL = new Transaction(Fate.TRUE, Duration.ZERO);
    }

    private final Queue<Transaction> next = new ArrayDeque<>();
    private boolean isAway;

    /** The next transaction has this fate, and takes longer by so much. */
    public void next(Fate fate, Duration by) {
        next.add(new Transaction(fate, by));
    }

    /** Nobody answers from now on, or everybody again. */
    public void away(boolean isSo) {
        isAway = isSo;
    }

    /** Everything works again. */
    public void heal() {
        next.clear();
        isAway = false;
    }

    boolean isAway() {
        return isAway;
    }

    Transaction takeNext() {
        @Nullable Transaction first = next.poll();
        return first == null ? Transaction.USUAL : first;
    }
}
