package dev.spate.ssh;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.fleet.FleetEvents;
import dev.spate.fleet.OutputSink;
import dev.spate.fleet.Run;
import dev.spate.fleet.RunKey;
import dev.spate.fleet.RunStatus;
import dev.spate.fleet.Setup;
import dev.spate.fleet.Shell;
import dev.spate.fleet.StaleOwner;
import dev.spate.fleet.Target;
import dev.spate.job.Answer;
import dev.spate.job.Durations;
import dev.spate.job.Failure;
import dev.spate.job.InputFile;
import dev.spate.job.OutputFile;
import dev.spate.job.RelativePath;
import dev.spate.job.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.session.ClientSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection to a machine, over which the run script is called. */
final class SshShell implements Shell {

    private static final Logger log = LoggerFactory.getLogger(SshShell.class);

    private static final byte[] NOTHING = {};

    /** The script's answer to an owner after whom there has been another. */
    private static final String STALE = "stale";

    private final Target target;
    private final ClientSession session;
    private final Exec exec;
    private final RunScript script;
    private final SshSettings settings;
    private final Scheduler scheduler;
    private final Following following;

    SshShell(
            Target target,
            ClientSession session,
            RunScript script,
            SshSettings settings,
            Scheduler scheduler,
            FleetEvents events) {
        this.target = target;
        this.session = session;
        this.exec = new Exec(session, scheduler);
        this.script = script;
        this.settings = settings;
        this.scheduler = scheduler;
        this.following = new Following(target, session, exec, script, scheduler, events);
    }

    @Override
    public boolean isOpen() {
        return session.isOpen();
    }

    @Override
    public Answer<Done> setUp(Setup setup, Deadline deadline) throws InterruptedException {
        return answered(
                () -> {
                    String directory = Places.of(setup);
                    Optional<byte[]> env = EnvFile.of(setup.env());
                    if (env.isEmpty()) {
                        return badVariables();
                    }
                    Tarball tarball =
                            script.tarball()
                                    .directory("work")
                                    .file("env", Tarball.PRIVATE, env.get())
                                    .file("script", Tarball.EXECUTABLE, utf8(setup.script()));
                    Reply started =
                            exec.run(
                                    script.unpackAndCall(
                                            "start",
                                            directory,
                                            wholeSeconds(setup.timeout()),
                                            grace()),
                                    Exec.Input.ENDED,
                                    tarball.toBytes(),
                                    deadline);
                    if (started.status() instanceof Answer.Failed<RunStatus> failed) {
                        return failed.as();
                    }
                    Reply prepared = call(Exec.Input.OPEN, deadline, "prepared", directory);
                    return switch (prepared.status()) {
                        case Answer.Failed<RunStatus> failed -> failed.as();
                        case Answer.Ok<RunStatus>(RunStatus status) ->
                                prepared(status, setup, prepared);
                    };
                });
    }

    private static Answer<Done> prepared(RunStatus status, Setup setup, Reply reply) {
        return switch (status) {
            case RunStatus.Exited(int code) ->
                    code == 0
                            ? Answer.ok(Done.DONE)
                            : Answer.failed(
                                    Failure.Kind.JOB,
                                    "the setup ended with exit code "
                                            + code
                                            + ": "
                                            + reply.detail());
            case RunStatus.TimedOut _ ->
                    Answer.failed(
                            Failure.Kind.JOB,
                            "the setup took longer than "
                                    + Durations.format(setup.timeout())
                                    + ": "
                                    + reply.detail());
            case RunStatus.Stopped _,
                    RunStatus.Vanished _,
                    RunStatus.NotStarted _,
                    RunStatus.Running _ ->
                    Answer.failed(
                            Failure.Kind.INFRASTRUCTURE, "the setup broke off on the machine");
        };
    }

    @Override
    public Answer<RunStatus> start(Run run, Deadline deadline) throws InterruptedException {
        return answered(
                () -> {
                    Optional<byte[]> env = EnvFile.of(run.env());
                    if (env.isEmpty()) {
                        return badVariables();
                    }
                    Tarball tarball =
                            script.tarball()
                                    .directory("work")
                                    .file("env", Tarball.PRIVATE, env.get())
                                    .file("script", Tarball.EXECUTABLE, utf8(run.script()));
                    for (InputFile file : run.files()) {
                        tarball.file(
                                "work/" + file.path(),
                                file.executable() ? Tarball.EXECUTABLE : Tarball.PLAIN,
                                utf8(file.text()));
                    }
                    return start(Places.of(run.key()), tarball, run.timeout(), deadline).status();
                });
    }

    @Override
    public Answer<RunStatus> status(RunKey key, Deadline deadline) throws InterruptedException {
        return answered(() -> statusOf(key, deadline));
    }

    private Answer<RunStatus> statusOf(RunKey key, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        return call(Exec.Input.ENDED, deadline, "status", Places.of(key)).status();
    }

    @Override
    public Answer<RunStatus.Ended> watch(
            RunKey key, long outOffset, long errOffset, OutputSink sink, Deadline deadline)
            throws InterruptedException {
        return answered(
                () -> {
                    Following.End end =
                            following.toTheEnd(key, outOffset, errOffset, sink, deadline);
                    if (end == Following.End.NEVER_BEGUN) {
                        // The script may not be there, if another version of us started the run.
                        install(deadline);
                        end = following.toTheEnd(key, outOffset, errOffset, sink, deadline);
                    }
                    if (end == Following.End.REFUSED) {
                        throw stale();
                    }
                    boolean isComplete = end == Following.End.COMPLETE;
                    return switch (statusOf(key, deadline)) {
                        case Answer.Failed<RunStatus> failed -> failed.as();
                        case Answer.Ok<RunStatus>(RunStatus status) -> ended(status, isComplete);
                    };
                });
    }

    private static Answer<RunStatus.Ended> ended(RunStatus status, boolean isComplete) {
        return switch (status) {
            case RunStatus.NotStarted _ ->
                    Answer.ok(new RunStatus.Vanished("the machine knows nothing of it"));
            case RunStatus.Ended ended when isComplete -> Answer.ok(ended);
            case RunStatus.Ended _, RunStatus.Running _ ->
                    Answer.failed(Failure.Kind.INFRASTRUCTURE, "watching broke off on the machine");
        };
    }

    @Override
    public Answer<Done> stop(RunKey key, Deadline deadline) throws InterruptedException {
        return answered(
                () ->
                        done(
                                accepted(
                                        call(
                                                Exec.Input.ENDED,
                                                deadline,
                                                "stop",
                                                Places.of(key),
                                                grace(),
                                                epoch()))));
    }

    @Override
    public Answer<OutputFile> fetch(RunKey key, RelativePath path, Deadline deadline)
            throws InterruptedException {
        return answered(
                () -> new Fetching(session, settings, scheduler).fetch(key, path, deadline));
    }

    /**
     * Asks EC2's instance metadata on the machine itself, which costs no call to the API: "a Spot
     * Instance interruption notice is a warning that is issued two minutes before Amazon EC2 stops
     * or terminates your Spot Instance", "on a best effort basis", and "we recommend that you check
     * for these interruption notices every 5 seconds" (EC2 User Guide, Spot Instance interruption
     * notices). The earlier rebalance recommendation only says that the risk has grown, and ends
     * nobody's run. The machine needs {@code curl}; GNU's and busybox's {@code wget} cannot be
     * relied on to send the PUT that version 2 of the metadata service wants.
     */
    @Override
    public Answer<Optional<String>> awaitNotice(Deadline deadline) throws InterruptedException {
        return answered(
                () -> {
                    Reply reply = call(Exec.Input.OPEN, deadline, "notice");
                    return reply.notice().isPresent() || "unknown".equals(reply.said())
                            ? Answer.ok(reply.notice())
                            : reply.unexpected();
                });
    }

    @Override
    public Answer<Done> extendLease(Duration lease, Deadline deadline) throws InterruptedException {
        return answered(() -> done(call(Exec.Input.ENDED, deadline, "lease", wholeSeconds(lease))));
    }

    /** Takes the machine, unless somebody has it; the claim that is on it then. */
    Answer<String> claim(String claim, Deadline deadline) throws InterruptedException {
        return answered(
                () -> {
                    Reply reply = call(Exec.Input.ENDED, deadline, words("claim", claim));
                    return reply.claim().isPresent()
                            ? Answer.ok(reply.claim().get())
                            : reply.unexpected();
                });
    }

    /** The claim on the machine. */
    Answer<Optional<String>> claimed(Deadline deadline) throws InterruptedException {
        return answered(
                () -> {
                    Reply reply = call(Exec.Input.ENDED, deadline, "claimed");
                    return reply.claim().isPresent() || "free".equals(reply.said())
                            ? Answer.ok(reply.claim())
                            : reply.unexpected();
                });
    }

    /** Gives the machine back, if it has this claim. */
    Answer<Done> release(String claim, Deadline deadline) throws InterruptedException {
        return answered(() -> done(call(Exec.Input.ENDED, deadline, words("release", claim))));
    }

    private static String[] words(String operation, String claim) {
        return (operation + " " + claim).split(" ", -1);
    }

    @Override
    public void close() {
        session.close(true);
    }

    private Reply start(String directory, Tarball tarball, Duration timeout, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        return accepted(
                exec.run(
                        script.unpackAndCall(
                                "start", directory, wholeSeconds(timeout), grace(), epoch()),
                        Exec.Input.ENDED,
                        tarball.toBytes(),
                        deadline));
    }

    /** A reply that is not the machine's refusal to do anything for this owner. */
    private Reply accepted(Reply reply) {
        if (STALE.equals(reply.said())) {
            throw stale();
        }
        return reply;
    }

    private StaleOwner stale() {
        return new StaleOwner(
                "machine " + target.machine() + " has seen a later owner than " + target.epoch());
    }

    /** Calls the script, which is taken to the machine if it is not there yet. */
    private Reply call(Exec.Input input, Deadline deadline, String... words)
            throws IOException, InterruptedException, TimeoutException {
        Reply reply = exec.run(script.call(words), input, NOTHING, deadline);
        if (!reply.isScriptAbsent()) {
            return reply;
        }
        install(deadline);
        return exec.run(script.call(words), input, NOTHING, deadline);
    }

    private void install(Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        exec.run(
                script.unpackAndCall("install"),
                Exec.Input.ENDED,
                script.tarball().toBytes(),
                deadline);
    }

    private static Answer<Done> done(Reply reply) {
        return "done".equals(reply.said()) ? Answer.ok(Done.DONE) : reply.unexpected();
    }

    private String epoch() {
        return Long.toString(target.epoch());
    }

    private String grace() {
        return wholeSeconds(settings.grace());
    }

    private static String wholeSeconds(Duration duration) {
        return Long.toString(duration.plusNanos(999_999_999).toSeconds());
    }

    private static <T> Answer<T> badVariables() {
        return Answer.failed(
                Failure.Kind.INVALID,
                "env: expected names of letters, digits and '_', and values without NUL");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A call over the connection. */
    private interface Call<T> {
        Answer<T> answer() throws IOException, InterruptedException, TimeoutException;
    }

    /** The edge: what the library throws becomes an answer, and a failure says where it was. */
    private <T> Answer<T> answered(Call<T> call) throws InterruptedException {
        try {
            return switch (call.answer()) {
                case Answer.Ok<T> ok -> ok;
                case Answer.Failed<T>(Failure failure) ->
                        Answer.failed(failure.kind(), target.machine() + ": " + failure.message());
            };
        } catch (TimeoutException e) {
            return Answer.failed(
                    Failure.Kind.INFRASTRUCTURE, target.machine() + ": no answer in time");
        } catch (IOException e) {
            Interruptions.rethrow(e);
            return broken(e);
        } catch (StaleOwner stale) {
            throw stale;
        } catch (RuntimeException e) {
            // MINA throws what it likes when a machine sends packets that are none.
            log.debug("{}: the connection failed", target.machine(), e);
            return broken(e);
        }
    }

    private <T> Answer<T> broken(Exception e) {
        return Answer.failed(
                Failure.Kind.INFRASTRUCTURE,
                target.machine() + ": the connection failed: " + Text.oneLine(reason(e)));
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
