package dev.spate.ec2;

import dev.spate.async.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2AsyncClient;
import software.amazon.awssdk.services.ec2.model.Ec2Response;

/**
 * How to read a list that EC2 tells a page at a time. It may tell empty pages too, and ends a list
 * with no token, or an empty one.
 *
 * @param <R> a page
 * @param <T> what is listed
 */
record Pages<R extends Ec2Response, T>(
        Ec2Action action,
        Request<R> request,
        Function<R, List<T>> elements,
        Function<R, @Nullable String> next) {

    /** More than any list has, and an end to an endpoint that always tells of another page. */
    private static final int PAGES_MAX = 100;

    /** Sends a request for a page. */
    @FunctionalInterface
    interface Request<R> {

        /**
         * @param token of the page; null for the first one
         */
        CompletableFuture<R> send(Ec2AsyncClient client, @Nullable String token);
    }

    /**
     * Reads all pages. Blocks until the deadline at most. A list that has no end, or more than
     * {@value #PAGES_MAX} pages, is refused whole: half of one could be taken for all.
     */
    Reply<List<T>> read(Ec2Api api, Deadline deadline) throws InterruptedException {
        List<T> all = new ArrayList<>();
        @Nullable String token = null;
        for (int page = 0; page < PAGES_MAX; page++) {
            @Nullable String asked = token;
            switch (api.call(action, deadline, client -> request.send(client, asked))) {
                case Reply.Refused<R>(Ec2Error error) -> {
                    return new Reply.Refused<>(error);
                }
                case Reply.Ok<R>(R some) -> {
                    all.addAll(elements.apply(some));
                    token = next.apply(some);
                }
            }
            if (token == null || token.isEmpty()) {
                return new Reply.Ok<>(all);
            }
        }
        return new Reply.Refused<>(
                Ec2Failures.malformed(action, "more than " + PAGES_MAX + " pages"));
    }
}
