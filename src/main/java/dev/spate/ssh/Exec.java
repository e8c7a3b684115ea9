package dev.spate.ssh;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.future.CloseFuture;

/** Commands on a machine, each over a channel of its own. Safe for several threads. */
final class Exec {

    /** Whether a command's standard input is ended after what it is given. */
    enum Input {
        ENDED,
        /** It stays open until the command ends: the command takes its end for a hang-up. */
        OPEN
    }

    private final ClientSession session;
    private final Scheduler scheduler;

    Exec(ClientSession session, Scheduler scheduler) {
        this.session = session;
        this.scheduler = scheduler;
    }

    /**
     * Runs a command to its end.
     *
     * @throws IOException if the connection failed
     * @throws TimeoutException if the deadline passed; the command may still run
     */
    Reply run(String command, Input input, byte[] content, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        Bounded out = new Bounded();
        Bounded err = new Bounded();
        ChannelExec channel = session.createExecChannel(command);
        channel.setOut(out);
        channel.setErr(err);
        return open(
                channel,
                deadline,
                opened -> {
                    feed(opened, input, content);
                    await(closed(opened), deadline);
                    if (opened.getExitStatus() == null && deadline.hasPassed(scheduler)) {
                        throw new TimeoutException("the deadline passed");
                    }
                    return new Reply(
                            Optional.ofNullable(opened.getExitStatus()), out.text(), err.text());
                });
    }

    private static void feed(ChannelExec channel, Input input, byte[] content)
            throws IOException, InterruptedException {
        try {
            OutputStream in = channel.getInvertedIn();
            in.write(content);
            in.flush();
            if (input == Input.ENDED) {
                in.close();
            }
        } catch (IOException e) {
            Interruptions.rethrow(e);
            // A command may end before it has been given everything: its answer counts.
            if (channel.isOpen()) {
                throw e;
            }
        }
    }

    /** What is done with an open channel. */
    interface Use<C extends Channel, T> {
        T with(C channel) throws IOException, InterruptedException, TimeoutException;
    }

    /** Opens a command's channel, uses it, and drops it, at the latest when the deadline passes. */
    <T> T open(ChannelExec channel, Deadline deadline, Use<ChannelExec, T> use)
            throws IOException, InterruptedException, TimeoutException {
        // A write waits for the other side's window, and knows no deadline: dropping the channel
        // ends it.
        Scheduler.Timer late =
                scheduler.schedule(deadline.remaining(scheduler), () -> channel.close(true));
        try {
            OpenFuture opened = await(Futures.done(channel.open()), deadline);
            if (!opened.isOpened()) {
                throw new IOException(
                        "the machine refuses to run a command", opened.getException());
            }
            return use.with(channel);
        } catch (IOException e) {
            Interruptions.rethrow(e);
            if (deadline.hasPassed(scheduler)) {
                throw late(e);
            }
            throw e;
        } finally {
            late.cancel();
            // In good order, if it is open yet: what runs on the machine learns of it that way.
            channel.close(false);
        }
    }

    /** Waits for what never fails but may not come. */
    <T> T await(CompletableFuture<T> stage, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        try {
            return scheduler.await(stage, deadline);
        } catch (ExecutionException | CancellationException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static TimeoutException late(IOException cause) {
        TimeoutException late = new TimeoutException("the deadline passed");
        late.initCause(cause);
        return late;
    }

    /** Completes when the channel is closed, by whichever side. */
    static CompletableFuture<CloseFuture> closed(Channel channel) {
        CompletableFuture<CloseFuture> closed = new CompletableFuture<>();
        channel.addCloseFutureListener(closed::complete);
        return closed;
    }
}
