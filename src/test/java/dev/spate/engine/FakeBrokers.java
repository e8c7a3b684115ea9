package dev.spate.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
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
    private final Set<String> cutOff = new HashSet<>();
    private boolean isAway;

    /** The next transaction has this fate, and takes longer by so much. */
    public void next(Fate fate, Duration by) {
        next.add(new Transaction(fate, by));
    }

    /** Nobody answers from now on, or everybody again. */
    public void away(boolean isSo) {
        isAway = isSo;
    }

    /** A worker's process does not reach them from now on, or does again. */
    public void cutOff(String worker, boolean isSo) {
        if (isSo) {
            cutOff.add(worker);
        } else {
            cutOff.remove(worker);
        }
    }

    /** Whether a worker's process gets no answer at present. */
    public boolean isAway(String worker) {
        return isAway || cutOff.contains(worker);
    }

    /** Whether a worker's process is the one that gets no answer. */
    public boolean isCutOff(String worker) {
        return cutOff.contains(worker);
    }

    /** Everything works again. */
    public void heal() {
        next.clear();
        cutOff.clear();
        isAway = false;
    }

    Transaction takeNext() {
        @Nullable Transaction first = next.poll();
        return first == null ? Transaction.USUAL : first;
    }
}
