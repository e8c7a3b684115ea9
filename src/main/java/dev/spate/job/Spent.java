package dev.spate.job;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * What a job has used up so far, over all its attempts.
 *
 * @param launches launch calls planned for it
 * @param lost attempts lost while the job ran
 * @param failed attempts that failed by the job's own doing
 * @param troubled attempts that failed by the infrastructure's doing before the job ran
 * @param machineTime paid time of all its machines together
 * @param usd what that cost, as far as prices are known
 */
public record Spent(
        int launches, int lost, int failed, int troubled, Duration machineTime, BigDecimal usd) {

    /** Nothing yet. */
    public static final Spent NOTHING = new Spent(0, 0, 0, 0, Duration.ZERO, BigDecimal.ZERO);

    /** One more launch. */
    public Spent plusLaunch() {
        return new Spent(launches + 1, lost, failed, troubled, machineTime, usd);
    }

    /** One more attempt that ended in failure, booked to whoever's doing it was. */
    public Spent plusFailed(Failure.Kind kind) {
        return switch (kind) {
            case LOST -> new Spent(launches, lost + 1, failed, troubled, machineTime, usd);
            case JOB, TIMEOUT -> new Spent(launches, lost, failed + 1, troubled, machineTime, usd);
            case INFRASTRUCTURE, SECURITY, INTERNAL ->
                    new Spent(launches, lost, failed, troubled + 1, machineTime, usd);
            case CAPACITY, QUOTA, THROTTLED, INVALID, CANCELLED -> this;
        };
    }

    /** More paid time. */
    public Spent plusMachine(Duration time, BigDecimal price) {
        return new Spent(launches, lost, failed, troubled, machineTime.plus(time), usd.add(price));
    }
}
