package dev.spate.engine;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.fleet.Demand;
import dev.spate.fleet.Plan;
import dev.spate.job.Failure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * One job's question for machines, and the answer to it.
 *
 * <p>It can be withdrawn, but not while it is being planned for: a plan may share a launch with
 * other jobs, and has to be carried out.
 */
final class Wish implements Placement.Waiter {

    private enum Phase {
        ASKING,
        TAKEN,
        WITHDRAWN
    }

    private final Demand demand;
    private final CompletableFuture<Plan> answer = new CompletableFuture<>();
    private Phase phase = Phase.ASKING;
    private Failure why;

    /**
     * @param why what the job waits for, as far as it is known
     */
    Wish(Demand demand, Failure why) {
        this.demand = demand;
        this.why = why;
    }

    @Override
    public Demand demand() {
        return demand;
    }

    @Override
    public synchronized boolean take() {
        if (phase == Phase.ASKING) {
            phase = Phase.TAKEN;
            return true;
        }
        return false;
    }

    @Override
    public void decided(Plan plan) {
        answer.complete(plan);
    }

    @Override
    public synchronized void stillWaiting(Failure failure) {
        why = failure;
        if (phase == Phase.TAKEN) {
            phase = Phase.ASKING;
        }
    }

    /**
     * Waits for the answer.
     *
     * @return {@link Plan.NotNow} if there is none by the deadline
     * @throws InterruptedException if there was none yet; if there was, the thread is left
     *     interrupted
     */
    Plan await(Scheduler scheduler, Deadline deadline) throws InterruptedException {
        try {
            return await(answer, scheduler, deadline);
        } catch (TimeoutException late) {
            return withdraw() ? notNow() : Blocking.on(scheduler, answer);
        } catch (InterruptedException interrupted) {
            if (withdraw()) {
                throw interrupted;
            }
            Plan plan = Blocking.on(scheduler, answer);
            Thread.currentThread().interrupt();
            return plan;
        }
    }

    private static Plan await(
            CompletableFuture<Plan> answer, Scheduler scheduler, Deadline deadline)
            throws InterruptedException, TimeoutException {
        try {
            return scheduler.await(answer, deadline);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("an answer never fails", impossible);
        }
    }

    private synchronized boolean withdraw() {
        if (phase == Phase.ASKING) {
            phase = Phase.WITHDRAWN;
        }
        return phase == Phase.WITHDRAWN;
    }

    private synchronized Plan notNow() {
        return new Plan.NotNow(why, Duration.ZERO);
    }
}
