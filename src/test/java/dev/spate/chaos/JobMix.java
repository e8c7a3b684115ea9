package dev.spate.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.chaos.ChaosJob.Expectation;
import dev.spate.chaos.ChaosJob.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Jobs of every kind, evenly over the time of a run; a pure function of the settings. */
final class JobMix {

    private static final Set<String> SUCCEEDED = Set.of("succeeded");
    private static final String ALONE = "main-0";
    private static final int HUGE_LINES = 400_000;

    /** Of different jobs. */
    private static final int KINDS = 15;

    private final ObjectMapper json = new ObjectMapper();
    private final SplittableRandom random;
    private final String preamble;

    private JobMix(long seed, Path ledger) {
        // Not the plan's numbers: what comes when must not hang together with what is struck.
        this.random = new SplittableRandom(seed).split();
        this.preamble = RunLedger.preamble(ledger);
    }

    /**
     * The jobs of a run.
     *
     * @param ledger where their runs are written down
     */
    static List<ChaosJob> of(ChaosSettings settings, Path ledger) {
        JobMix mix = new JobMix(settings.seed(), ledger);
        List<ChaosJob> jobs = new ArrayList<>();
        for (int number = 0; number < settings.jobs(); number++) {
            Duration after = settings.length().multipliedBy(number).dividedBy(settings.jobs());
            jobs.add(mix.job(number, after));
        }
        return jobs;
    }

    private ChaosJob job(int number, Duration after) {
        String id = "job-%04d".formatted(number);
        // The first of each kind come in turn, so that a short run has them all.
        int kind = number < KINDS ? number : random.nextInt(KINDS + 6);
        return switch (kind) {
            case 0 -> roles(id, after);
            case 1 -> failing(id, after);
            case 2 -> huge(id, after);
            case 3 -> cancelledAtOnce(id, after);
            case 4 -> cancelledWhile(id, after);
            case 5 -> cancelledAfter(id, after);
            case 6 -> repeated(id, after);
            case 7 -> changed(id, after);
            case 8 -> bad(id, after);
            case 9 -> timedOut(id, after);
            case 10 -> outputs(id, after);
            case 11 -> prepared(id, after);
            case 12 -> lengthy(id, after);
            case 13 -> spot(id, after);
            case 14 -> plain(id, after);
            case 15, 16, 17 -> lengthy(id, after);
            default -> plain(id, after);
        };
    }

    private ChaosJob plain(String id, Duration after) {
        return succeeding(id, "plain", after, "echo hello from " + id, "hello from " + id + "\n");
    }

    /** Spans kills, and says something every second. */
    private ChaosJob lengthy(String id, Duration after) {
        int seconds = 10 + random.nextInt(40);
        return succeeding(
                id,
                "long",
                after,
                "i=0; while [ $i -lt %d ]; do i=$((i + 1)); echo line $i; sleep 1; done"
                        .formatted(seconds),
                lines("line ", seconds));
    }

    /** On machines that are taken away: begun anew then, but never twice at a time. */
    private ChaosJob spot(String id, Duration after) {
        int seconds = 5 + random.nextInt(20);
        ObjectNode message =
                message(
                        "i=0; while [ $i -lt %d ]; do i=$((i + 1)); echo $i; sleep 1; done"
                                .formatted(seconds));
        message.putObject("machine").put("market", "spot");
        message.putObject("retries").put("lost", 10);
        return new ChaosJob(
                id,
                "spot",
                List.of(sent(after, message)),
                new Expectation(SUCCEEDED, 0, Map.of(ALONE, lines("", seconds)), 1),
                0);
    }

    private ChaosJob huge(String id, Duration after) {
        return succeeding(id, "huge output", after, "seq 1 " + HUGE_LINES, lines("", HUGE_LINES));
    }

    private ChaosJob prepared(String id, Duration after) {
        ObjectNode message = message("sleep 1; cat \"$HOME/prepared-" + id + "\"");
        message.put("setup", "sleep 2; echo well prepared >\"$HOME/prepared-" + id + "\"");
        return new ChaosJob(
                id,
                "setup",
                List.of(sent(after, message)),
                new Expectation(SUCCEEDED, 0, Map.of(ALONE, "well prepared\n"), 1),
                0);
    }

    private ChaosJob outputs(String id, Duration after) {
        ObjectNode message = message("sleep 3; echo " + id + " >out.txt; echo written");
        message.putArray("outputs").add("out.txt");
        return new ChaosJob(
                id,
                "outputs",
                List.of(sent(after, message)),
                new Expectation(SUCCEEDED, 0, Map.of(ALONE, "written\n"), 1),
                0);
    }

    private ChaosJob failing(String id, Duration after) {
        int code = 1 + random.nextInt(120);
        return new ChaosJob(
                id,
                "failing",
                List.of(sent(after, message("sleep 2; echo giving up; exit " + code))),
                new Expectation(Set.of("failed"), code, Map.of(ALONE, "giving up\n"), 1),
                0);
    }

    private ChaosJob timedOut(String id, Duration after) {
        ObjectNode message = message("echo waiting; sleep 600");
        message.put("timeout", "8s");
        return new ChaosJob(
                id,
                "timed out",
                List.of(sent(after, message)),
                new Expectation(Set.of("timed-out"), 0, Map.of(), 1),
                0);
    }

    /** A server in the background and two clients. */
    private ChaosJob roles(String id, Duration after) {
        int seconds = 3 + random.nextInt(20);
        ObjectNode message = json.createObjectNode();
        ObjectNode roles = message.putObject("roles");
        roles.putObject("server")
                .put("background", true)
                .put("run", preamble + "echo serving; sleep 600 & wait $!");
        roles.putObject("client")
                .put("count", 2)
                .put(
                        "run",
                        preamble
                                + "sleep "
                                + seconds
                                + "; echo \"$SPATE_MEMBER sees $SPATE_SERVER_COUNT and"
                                + " $SPATE_CLIENT_COUNT\"");
        return new ChaosJob(
                id,
                "roles",
                List.of(sent(after, message)),
                new Expectation(
                        SUCCEEDED,
                        0,
                        Map.of(
                                "client-0",
                                "client-0 sees 1 and 2\n",
                                "client-1",
                                "client-1 sees 1 and 2\n"),
                        3),
                0);
    }

    private ChaosJob cancelledAtOnce(String id, Duration after) {
        return cancelled(id, "cancelled at once", after, Duration.ZERO);
    }

    private ChaosJob cancelledWhile(String id, Duration after) {
        return cancelled(
                id, "cancelled while", after, Duration.ofMillis(4_000 + random.nextInt(20_000)));
    }

    private ChaosJob cancelled(String id, String kind, Duration after, Duration later) {
        return new ChaosJob(
                id,
                kind,
                List.of(
                        sent(after, message("echo started; sleep 600 & wait $!")),
                        cancellation(after.plus(later))),
                new Expectation(Set.of("cancelled"), 0, Map.of(), 1),
                0);
    }

    /** Unless it has taken more than a minute: then it is cancelled while it runs. */
    private ChaosJob cancelledAfter(String id, Duration after) {
        return new ChaosJob(
                id,
                "cancelled after",
                List.of(sent(after, message("echo quick")), cancellation(after.plusSeconds(60))),
                new Expectation(Set.of("succeeded", "cancelled"), 0, Map.of(ALONE, "quick\n"), 1),
                0);
    }

    /** The same message three times. */
    private ChaosJob repeated(String id, Duration after) {
        ObjectNode message = message("sleep 5; echo once");
        return new ChaosJob(
                id,
                "repeated",
                List.of(
                        sent(after, message),
                        sent(after, message),
                        sent(after.plusSeconds(15), message)),
                new Expectation(SUCCEEDED, 0, Map.of(ALONE, "once\n"), 1),
                0);
    }

    /** The same id with other content: the first counts. */
    private ChaosJob changed(String id, Duration after) {
        return new ChaosJob(
                id,
                "changed",
                List.of(
                        sent(after, message("sleep 5; echo first")),
                        sent(after.plusSeconds(4), message("echo second"))),
                new Expectation(SUCCEEDED, 0, Map.of(ALONE, "first\n"), 1),
                1);
    }

    private ChaosJob bad(String id, Duration after) {
        String message = random.nextBoolean() ? "not json" : "{\"run\": \"date\", \"machnie\": 1}";
        return new ChaosJob(
                id,
                "bad",
                List.of(new Message(after, Optional.of(message))),
                new Expectation(Set.of("rejected"), 0, Map.of(), 0),
                1);
    }

    private ChaosJob succeeding(
            String id, String kind, Duration after, String script, String output) {
        return new ChaosJob(
                id,
                kind,
                List.of(sent(after, message(script))),
                new Expectation(SUCCEEDED, 0, Map.of(ALONE, output), 1),
                0);
    }

    private ObjectNode message(String script) {
        return json.createObjectNode().put("run", preamble + script);
    }

    private static Message sent(Duration after, ObjectNode message) {
        return new Message(after, Optional.of(message.toString()));
    }

    private static Message cancellation(Duration after) {
        return new Message(after, Optional.empty());
    }

    private static String lines(String beginning, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> beginning + number + "\n")
                .collect(Collectors.joining());
    }
}
