package dev.spate.ec2;

import dev.spate.async.Backoff;
import dev.spate.async.Deadline;
import dev.spate.async.RateLimiter;
import dev.spate.async.Retry;
import dev.spate.async.Scheduler;
import dev.spate.fleet.FleetEvents;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2AsyncClient;
import software.amazon.awssdk.services.ec2.model.Ec2Response;

/**
 * Every HTTP call to EC2 goes through here: it waits for its action's rate limiter, has a time-out,
 * is counted, and is repeated with growing, random pauses while repeating may help. Safe for any
 * number of threads.
 *
 * <p>All the actions can be repeated without harm: launches carry a token, and what is made or
 * ended twice is made or ended once. Blocks at most until the deadline, but for what the SDK does
 * on the caller's thread before a call: finding credentials.
 */
final class Ec2Api implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Ec2Api.class);

    /**
     * What the SDK says if an answer does not tell its request's id, as every answer of EC2 does.
     */
    private static final String NO_REQUEST_ID = "UNKNOWN";

    /** What calls that went well are counted under. */
    private static final String OK = "ok";

    private static final Backoff BACKOFF =
            new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), 2, 0.5);

    private final Ec2Connection connection;
    private final Duration callTimeout;
    private final Retry<Ec2Error> retry;
    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final FleetEvents events;
    private final Map<Ec2Action, RateLimiter> limiters = new EnumMap<>(Ec2Action.class);

    Ec2Api(Ec2Settings settings, Scheduler scheduler, RandomGenerator random, FleetEvents events) {
        this.connection = new Ec2Connection(settings, scheduler);
        this.callTimeout = settings.callTimeout();
        this.retry = new Retry<>(Ec2Error::isRepeatable, settings.triesMax(), Backoff.MAX, BACKOFF);
        this.scheduler = scheduler;
        this.random = random;
        this.events = events;
        for (Ec2Action action : Ec2Action.values()) {
            Ec2Settings.Rate rate = settings.rate(action);
            limiters.put(action, new RateLimiter(scheduler, rate.perSecond(), rate.burst()));
        }
    }

    /** The region calls go to. */
    Reply<String> region(Deadline deadline) throws InterruptedException {
        try {
            Ec2AsyncClient client = connection.client(deadline);
            return new Reply.Ok<>(client.serviceClientConfiguration().region().id());
        } catch (ExecutionException | TimeoutException failure) {
            return new Reply.Refused<>(
                    Ec2Failures.of(Ec2Action.DESCRIBE_INSTANCES, cause(failure)));
        }
    }

    /**
     * Calls until there is an answer, or repeating is of no use, or there is no time left.
     *
     * @param request sends the request
     */
    <R extends Ec2Response> Reply<R> call(
            Ec2Action action,
            Deadline deadline,
            Function<Ec2AsyncClient, CompletableFuture<R>> request)
            throws InterruptedException {
        long startNanos = scheduler.nanoTime();
        for (int attempt = 1; ; attempt++) {
            Reply<R> reply = once(action, deadline, request);
            if (!(reply instanceof Reply.Refused<R>(Ec2Error error))) {
                return reply;
            }
            Duration elapsed = Duration.ofNanos(scheduler.nanoTime() - startNanos);
            switch (retry.decide(error, attempt, elapsed, random)) {
                case Retry.Decision.GiveUp _ -> {
                    return reply;
                }
                case Retry.Decision.Wait(Duration delay) -> {
                    if (delay.compareTo(deadline.remaining(scheduler)) >= 0) {
                        return reply;
                    }
                    log.debug("Again in {}: {}", delay, error.failure());
                    scheduler.sleep(delay);
                }
            }
        }
    }

    @Override
    public void close() {
        connection.close();
    }

    private <R extends Ec2Response> Reply<R> once(
            Ec2Action action,
            Deadline deadline,
            Function<Ec2AsyncClient, CompletableFuture<R>> request)
            throws InterruptedException {
        try {
            Objects.requireNonNull(limiters.get(action)).acquire(deadline);
        } catch (TimeoutException busy) {
            return new Reply.Refused<>(Ec2Failures.notSent(action));
        }
        long startNanos = scheduler.nanoTime();
        Reply<R> reply = send(action, deadline, request);
        String code =
                switch (reply) {
                    case Reply.Ok<R> _ -> OK;
                    case Reply.Refused<R>(Ec2Error error) -> error.code();
                };
        events.cloudCall(action.word(), code, Duration.ofNanos(scheduler.nanoTime() - startNanos));
        return reply;
    }

    private <R extends Ec2Response> Reply<R> send(
            Ec2Action action,
            Deadline deadline,
            Function<Ec2AsyncClient, CompletableFuture<R>> request)
            throws InterruptedException {
        CompletableFuture<R> answer = null;
        try {
            Ec2AsyncClient client = connection.client(deadline);
            answer = request.apply(client);
            R response =
                    scheduler.await(
                            answer, deadline.sooner(Deadline.after(scheduler, callTimeout)));
            // The SDK takes any well-formed page, such as a proxy's, for an answer without content.
            return NO_REQUEST_ID.equals(response.responseMetadata().requestId())
                    ? new Reply.Refused<>(Ec2Failures.malformed(action, "it names no request"))
                    : new Reply.Ok<>(response);
        } catch (ExecutionException
                | TimeoutException
                | CancellationException
                | SdkException failure) {
            return new Reply.Refused<>(Ec2Failures.of(action, cause(failure)));
        } finally {
            // A call nobody waits for any more must not keep a connection; does nothing if done.
            if (answer != null) {
                answer.cancel(true);
            }
        }
    }

    private static Throwable cause(Exception failure) {
        Throwable cause = failure.getCause();
        return failure instanceof ExecutionException && cause != null ? cause : failure;
    }
}
