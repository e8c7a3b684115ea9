package dev.spate.web;

import dev.spate.async.Scheduler;
import dev.spate.async.SystemScheduler;
import dev.spate.board.JobPage;
import dev.spate.board.MemberRow;
import dev.spate.board.Peer;
import dev.spate.board.Stage;
import dev.spate.job.ByteSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The real {@link WebServer} over a worker that is none: everything it tells is in memory, and the
 * test's to change.
 *
 * <pre>{@code
 * try (SystemScheduler scheduler = new SystemScheduler();
 *         InMemorySpate spate = InMemorySpate.start(scheduler)) {
 *     spate.fill(1_000);              // jobs in all stages, and their machines
 *     spate.changes(50);              // a second, until it is closed
 *     spate.board().put(page);        // one job, as the test wants it
 *     spate.board().be(new Board.State.Restoring(7_000));
 *     spate.output().write(id, member, 1, "stdout", "hello\n");
 *     spate.health().notReady(List.of("EC2: no permission"));
 *     spate.submissions().submitted(); // what was sent with the token TOKEN
 *     ... spate.url() ...
 * }
 * }</pre>
 *
 * <p>Submitting and cancelling is allowed to who has {@link #TOKEN}.
 */
public final class InMemorySpate implements AutoCloseable {

    /** What allows to submit and cancel. */
    public static final String TOKEN = "in-memory-token-0123456789abcdef";

    private static final int SEED = 1;

    private final Scheduler scheduler;
    private final InMemoryBoard board;
    private final InMemoryOutput output;
    private final InMemorySubmissions submissions = new InMemorySubmissions();
    private final InMemoryHealth health = new InMemoryHealth();
    private final List<MachineRow> machines = new CopyOnWriteArrayList<>();
    private final InMemoryJobs jobs;
    private final WebServer server;
    private final Peer self;
    private final List<Scheduler.Task<?>> tasks = new ArrayList<>();

    /** What it began itself, and ends. */
    private final List<AutoCloseable> own = new ArrayList<>();

    private InMemorySpate(Scheduler scheduler, HttpSettings settings) {
        this.scheduler = scheduler;
        this.board = new InMemoryBoard(scheduler::now);
        this.output = new InMemoryOutput(scheduler);
        this.jobs = new InMemoryJobs(new Random(SEED), scheduler.now());
        this.server =
                WebServer.start(
                        settings, () -> "# HELP a b\n", health, RequestListener.NONE, scheduler);
        this.self = new Peer("127.0.0.1", server.port());
        board.peers(List.of(self), Optional.of(self));
        server.serve(
                new Api(
                        new Api.About("memory", "1.2.3", self, scheduler.now()),
                        board,
                        board,
                        () -> List.copyOf(machines),
                        output,
                        submissions));
    }

    /** On any free port of loopback, in real time. */
    static InMemorySpate start() {
        SystemScheduler scheduler = new SystemScheduler();
        InMemorySpate spate = start(scheduler);
        spate.own.add(scheduler);
        return spate;
    }

    /** On any free port of loopback. */
    public static InMemorySpate start(Scheduler scheduler) {
        return start(scheduler, settings());
    }

    /** As the test wants it. */
    public static InMemorySpate start(Scheduler scheduler, HttpSettings settings) {
        return new InMemorySpate(scheduler, settings);
    }

    /** What {@link #start(Scheduler)} takes. */
    public static HttpSettings settings() {
        return settings(0);
    }

    /** The same at a port of the test's choice. */
    public static HttpSettings settings(int port) {
        return new HttpSettings(
                "127.0.0.1",
                port,
                Optional.empty(),
                1_000,
                200,
                ByteSize.ofMiB(1),
                Duration.ofSeconds(30),
                Optional.of(new Token(TOKEN)));
    }

    /** Where it is, such as {@code http://127.0.0.1:40321}. */
    public String url() {
        return server.url();
    }

    public WebServer server() {
        return server;
    }

    /** Whose time it has. */
    Scheduler scheduler() {
        return scheduler;
    }

    /** Who asks it, until it is closed. */
    ApiClient client() {
        ApiClient client = new ApiClient(url());
        own.addFirst(client);
        return client;
    }

    /** Where other workers reach it. */
    public Peer self() {
        return self;
    }

    public InMemoryBoard board() {
        return board;
    }

    public InMemoryOutput output() {
        return output;
    }

    public InMemorySubmissions submissions() {
        return submissions;
    }

    public InMemoryHealth health() {
        return health;
    }

    /** The machines it tells of: the test's to change. */
    public List<MachineRow> machines() {
        return machines;
    }

    /** Draws jobs. */
    public InMemoryJobs jobs() {
        return jobs;
    }

    /**
     * Adds so many jobs in all stages, with the machines of those that have some, and idle ones.
     */
    public void fill(int count) {
        for (int number = 0; number < count; number++) {
            JobPage page = jobs.draw(number);
            board.put(page);
            if (!page.row().stage().isSettled()) {
                page.members().forEach(member -> addMachine(page, member));
            }
        }
        for (int i = 0; i < Math.min(5, count); i++) {
            machines.add(jobs.machine("idle", Optional.empty()));
        }
    }

    private void addMachine(JobPage page, MemberRow member) {
        machines.add(
                jobs.machine(
                        page.row().stage() == Stage.LAUNCHING ? "pending" : "running",
                        Optional.of(new MachineRow.Use(page.row().id(), member.member()))));
    }

    /** From now on so many jobs a second come a stage further; those that are done begin anew. */
    public void changes(int perSecond) {
        Random random = new Random(SEED);
        tasks.add(
                scheduler.start(
                        "in-memory-changes",
                        () -> {
                            List<JobPage> all = new ArrayList<>(board.all());
                            while (!all.isEmpty()) {
                                int index = random.nextInt(all.size());
                                JobPage page = all.get(index);
                                JobPage next = jobs.further(page, scheduler.now());
                                all.set(index, next);
                                board.put(next);
                                scheduler.sleep(Duration.ofSeconds(1).dividedBy(perSecond));
                            }
                            return null;
                        }));
    }

    @Override
    public void close() {
        tasks.forEach(Scheduler.Task::cancel);
        server.close();
        own.forEach(InMemorySpate::close);
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
