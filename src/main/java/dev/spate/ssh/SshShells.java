package dev.spate.ssh;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.fleet.FleetEvents;
import dev.spate.fleet.Shell;
import dev.spate.fleet.Shells;
import dev.spate.fleet.Target;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.future.AuthFuture;
import org.apache.sshd.client.future.ConnectFuture;
import org.apache.sshd.client.session.ClientSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way onto machines over SSH: one client for all of them, on a handful of threads.
 *
 * <p>Takes nothing from {@code ~/.ssh} and asks no agent. A machine that does not show the key its
 * {@link Login} names is left before any part of the login is sent. The only way to log in is the
 * public key.
 */
public final class SshShells implements Shells {

    private static final Logger log = LoggerFactory.getLogger(SshShells.class);

    /**
     * How long to wait for a machine to take the connection. A packet that came before its network
     * was up is lost, and the kernel repeats it after 1, 3 and 7 seconds: dialling anew finds an
     * open port sooner.
     */
    private static final Duration DIAL_MAX = Duration.ofSeconds(4);

    private final SshSettings settings;
    private final Logins logins;
    private final Scheduler scheduler;
    private final FleetEvents events;
    private final RunScript script = RunScript.bundled();
    private final SshClient client;

    /** Starts the client's threads; connects to nothing. */
    public SshShells(SshSettings settings, Logins logins, Scheduler scheduler, FleetEvents events) {
        this.settings = settings;
        this.logins = logins;
        this.scheduler = scheduler;
        this.events = events;
        HostKeyCheck hostKeys = new HostKeyCheck();
        this.client = Clients.started(settings, hostKeys);
        this.client.addSessionListener(hostKeys);
    }

    /**
     * Sets up one session with a server of its own on loopback, so that the first job does not wait
     * for classes to be loaded and compiled. To be called once, at the start, on a thread that
     * nobody waits for; takes up to a few seconds. A failure is only logged.
     */
    public void warmUp(Deadline deadline) throws InterruptedException {
        try (Rehearsal rehearsal = Rehearsal.start()) {
            Login login = rehearsal.login();
            ClientSession session =
                    session(
                            rehearsal.target(),
                            login,
                            new HostKeyCheck.Expected(login.hostKey()),
                            deadline);
            try {
                new Exec(session, scheduler).run("true", Exec.Input.ENDED, new byte[0], deadline);
            } finally {
                session.close(true);
            }
        } catch (IOException | TimeoutException | RuntimeException e) {
            log.warn("Warming up SSH failed: {}", Reasons.of(e));
        }
    }

    @Override
    public Answer<Shell> connect(Target target, Deadline deadline) throws InterruptedException {
        return open(target, deadline).map(shell -> shell);
    }

    Answer<SshShell> open(Target target, Deadline deadline) throws InterruptedException {
        return switch (logins.of(target)) {
            case Answer.Failed<Login> failed -> failed.as();
            case Answer.Ok<Login>(Login login) -> connect(target, login, deadline);
        };
    }

    private Answer<SshShell> connect(Target target, Login login, Deadline deadline)
            throws InterruptedException {
        long began = scheduler.nanoTime();
        HostKeyCheck.Expected expected = new HostKeyCheck.Expected(login.hostKey());
        try {
            ClientSession session = session(target, login, expected, deadline);
            events.connected(Duration.ofNanos(scheduler.nanoTime() - began));
            events.sessions(1);
            session.addCloseFutureListener(closed -> events.sessions(-1));
            return Answer.ok(new SshShell(target, session, script, settings, scheduler, events));
        } catch (TimeoutException e) {
            return failed(target, "no answer in time");
        } catch (IOException | RuntimeException e) {
            if (expected.isOther()) {
                events.hostKeyMismatch();
                return Answer.failed(
                        Failure.Kind.SECURITY,
                        where(target) + ": the machine shows a host key that is not its own");
            }
            return failed(target, Reasons.of(e));
        }
    }

    /** A session that is verified and logged in. */
    private ClientSession session(
            Target target, Login login, HostKeyCheck.Expected expected, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        ConnectFuture connecting =
                client.connect(
                        login.user(),
                        new InetSocketAddress(target.address(), login.port()),
                        expected.asContext());
        try {
            await(Futures.done(connecting), Deadline.after(scheduler, DIAL_MAX).sooner(deadline));
        } catch (InterruptedException | TimeoutException e) {
            connecting.cancel();
            // It may have been too late to cancel.
            connecting.addListener(
                    done -> {
                        if (done.isConnected()) {
                            done.getSession().close(true);
                        }
                    });
            throw e;
        }
        connecting.verify(Duration.ZERO);
        return loggedIn(connecting.getClientSession(), login, deadline);
    }

    private ClientSession loggedIn(ClientSession session, Login login, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        boolean isLoggedIn = false;
        try {
            session.addPublicKeyIdentity(login.identity());
            AuthFuture authenticating = session.auth();
            await(Futures.done(authenticating), deadline);
            authenticating.verify(Duration.ZERO);
            isLoggedIn = true;
            return session;
        } finally {
            if (!isLoggedIn) {
                session.close(true);
            }
        }
    }

    private <T> void await(CompletableFuture<T> stage, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        try {
            scheduler.await(stage, deadline);
        } catch (ExecutionException | CancellationException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        client.close(true);
    }

    private static <T> Answer<T> failed(Target target, String why) {
        return Answer.failed(Failure.Kind.INFRASTRUCTURE, where(target) + ": " + why);
    }

    private static String where(Target target) {
        return target.machine() + " at " + target.address();
    }
}
