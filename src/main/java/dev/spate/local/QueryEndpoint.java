package dev.spate.local;

import dev.spate.async.Scheduler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The EC2 Query API. Thread-safe. */
final class QueryEndpoint implements LocalHttp.Page {
    private static final Logger LOG = LoggerFactory.getLogger(QueryEndpoint.class);

    private final Scheduler scheduler;
    private final Supplier<Weather> weather;
    private final CloudLog log;
    private final Map<String, Action> actions;
    private final Supplier<String> page;
    private final Chance chance;
    private final Throttle throttle;
    private final Map<String, AtomicLong> calls = new ConcurrentSkipListMap<>();

    /** Carries out a call: writes the reply's body, returns the ids of the instances it changed. */
    interface Action {
        List<String> answer(Form form, Xml xml);
    }

    /**
     * Carries out calls.
     *
     * @param seed of what goes wrong
     * @param weather at the moment
     * @param page what {@code GET /} shows
     */
    QueryEndpoint(
            Scheduler scheduler,
            long seed,
            Supplier<Weather> weather,
            CloudLog log,
            Map<String, Action> actions,
            Supplier<String> page) {
        this.scheduler = scheduler;
        this.weather = weather;
        this.log = log;
        this.actions = Map.copyOf(actions);
        this.page = page;
        this.chance = new Chance(seed);
        this.throttle = new Throttle(scheduler, weather);
    }

    /** How often each action was called, refused calls included. */
    Map<String, Long> calls() {
        Map<String, Long> counts = new TreeMap<>();
        calls.forEach((action, count) -> counts.put(action, count.get()));
        return counts;
    }

    @Override
    public Optional<LocalHttp.Reply> answer(LocalHttp.Request request) throws InterruptedException {
        if (request.method().equals("GET")) {
            return Optional.of(LocalHttp.Reply.plain(200, page.get()));
        }
        Form form = Form.parse(request.body());
        String action = form.text("Action").orElse("");
        long count =
                actions.containsKey(action)
                        ? calls.computeIfAbsent(action, _ -> new AtomicLong()).incrementAndGet()
                        : 0;
        String name = action + "/" + count;
        if (happens(Fault.UNREACHABLE, name)) {
            log.write("unreachable", Map.of("action", action));
            return Optional.empty();
        }
        Answer answer = answer(action, form, name, request.headers().containsKey("Authorization"));
        scheduler.sleep(weather.get().delays().of(Delay.REPLY));
        boolean isLost = happens(Fault.LOST_REPLY, name);
        log(action, form, answer, isLost);
        return isLost
                ? Optional.empty()
                : Optional.of(
                        new LocalHttp.Reply(
                                answer.status(), "text/xml;charset=UTF-8", answer.body()));
    }

    private boolean happens(Fault fault, String name) {
        return chance.happens(weather.get().faults().of(fault), fault.word() + "/" + name);
    }

    private record Answer(int status, String code, String body, List<String> instances) {}

    private Answer answer(String action, Form form, String name, boolean isSigned) {
        String requestId = chance.id("req", name);
        try {
            Action known = actions.get(action);
            if (known == null) {
                throw ApiException.client(
                        "InvalidAction",
                        "The action " + action + " is not valid for this web service.");
            }
            if (!isSigned) {
                throw ApiException.withStatus(
                        401,
                        "AuthFailure",
                        "AWS was not able to validate the provided access credentials");
            }
            throttle.admit(action);
            refuseByChance(action, form, name);
            List<String> changed = new ArrayList<>();
            String reply =
                    Xml.reply(action, requestId, xml -> changed.addAll(known.answer(form, xml)));
            return new Answer(200, "", reply, List.copyOf(changed));
        } catch (ApiException e) {
            return refusal(e, requestId);
        } catch (RuntimeException e) {
            LOG.error("{} failed", action, e);
            return refusal(internalError(), requestId);
        }
    }

    private void refuseByChance(String action, Form form, String name) {
        if (happens(Fault.SERVER_ERROR, name)) {
            throw internalError();
        }
        if (happens(Fault.THROTTLED, name)) {
            throw Throttle.exceeded();
        }
        if (happens(Fault.EXPIRED_CREDENTIALS, name)) {
            throw ApiException.client("RequestExpired", "Request has expired.");
        }
        switch (action) {
            case "RunInstances" -> {
                if (happens(Fault.NO_CAPACITY, name)) {
                    throw ApiException.withStatus(
                            500,
                            "InsufficientInstanceCapacity",
                            "There is no Spot or On-Demand capacity available that matches your request.");
                }
            }
            case "TerminateInstances" -> {
                if (happens(Fault.TERMINATE_DENIED, name)) {
                    throw ApiException.withStatus(
                            403,
                            "UnauthorizedOperation",
                            "You are not authorized to perform this operation.");
                }
                if (happens(Fault.TERMINATE_NOT_FOUND, name)) {
                    throw InstanceActions.notFound(form.texts("InstanceId"));
                }
            }
            default -> {}
        }
    }

    private static ApiException internalError() {
        return ApiException.withStatus(500, "InternalError", "An internal error has occurred");
    }

    private static Answer refusal(ApiException e, String requestId) {
        return new Answer(
                e.status(), e.code(), Xml.refusal(e.code(), e.text(), requestId), List.of());
    }

    private void log(String action, Form form, Answer answer, boolean isLost) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("action", action);
        line.put("request", form.without("Action", "Version", "UserData").values());
        line.put("status", answer.status());
        if (!answer.code().isEmpty()) {
            line.put("code", answer.code());
        }
        if (!answer.instances().isEmpty()) {
            line.put("instances", answer.instances());
        }
        if (isLost) {
            line.put("reply", "lost");
        }
        log.write("call", line);
    }
}
