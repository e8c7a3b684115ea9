package dev.spate.local;

import dev.spate.async.Scheduler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;

/**
 * A command given over SSH: a real process, its streams those of the channel. As under sshd, a lost
 * connection does not kill it; it only loses its streams.
 *
 * <p>Two virtual threads a command, and no platform thread: the JDK reads from a process by
 * blocking the carrier thread, so this looks before it reads ({@code available}), more and more
 * rarely while nothing comes.
 */
final class RemoteCommand implements Command {
    private static final int CHUNK_BYTES = 32 * 1024;
    private static final long LOOK_AGAIN_MILLIS_MIN = 1;
    private static final long LOOK_AGAIN_MILLIS_MAX = 100;

    private final Scheduler scheduler;
    private final Machine machine;
    private final List<String> command;
    private @Nullable InputStream in;
    private @Nullable OutputStream out;
    private @Nullable OutputStream err;
    private @Nullable ExitCallback exit;
    private volatile Scheduler.@Nullable Task<?> running;
    private volatile Scheduler.@Nullable Task<?> feeding;

    RemoteCommand(Scheduler scheduler, Machine machine, List<String> command) {
        this.scheduler = scheduler;
        this.machine = machine;
        this.command = command;
    }

    @Override
    public void setInputStream(InputStream value) {
        in = value;
    }

    @Override
    public void setOutputStream(OutputStream value) {
        out = value;
    }

    @Override
    public void setErrorStream(OutputStream value) {
        err = value;
    }

    @Override
    public void setExitCallback(ExitCallback value) {
        exit = value;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
        String user = channel.getSession().getUsername();
        running =
                scheduler.start(
                        "exec on " + machine.id(),
                        () -> {
                            Objects.requireNonNull(exit).onExit(run(user, environment));
                            return true;
                        });
    }

    private int run(String user, Environment environment) throws InterruptedException {
        OutputStream output = Objects.requireNonNull(out);
        OutputStream errors = Objects.requireNonNull(err);
        Process process;
        try {
            process = machine.start(user, command, _ -> {});
        } catch (IOException e) {
            machine.log("exec failed: " + e.getMessage());
            return 127;
        }
        environment.addSignalListener((Channel _, Signal signal) -> send(signal, process));
        feeding =
                scheduler.start(
                        "stdin on " + machine.id(),
                        () -> {
                            feed(Objects.requireNonNull(in), process.getOutputStream());
                            return true;
                        });
        try {
            relay(process, output, errors);
            output.flush();
            errors.flush();
        } catch (IOException e) {
            // The client is gone: the process meets a closed pipe when it writes, as under sshd.
        } finally {
            closeQuietly(process.getInputStream());
            closeQuietly(process.getErrorStream());
        }
        return process.isAlive() ? 255 : process.exitValue();
    }

    private static void relay(Process process, OutputStream output, OutputStream errors)
            throws IOException, InterruptedException {
        byte[] chunk = new byte[CHUNK_BYTES];
        long lookAgainMillis = LOOK_AGAIN_MILLIS_MIN;
        while (true) {
            // In this order: what a process wrote before its end is there when its end is seen.
            boolean wasAlive = process.isAlive();
            boolean moved = move(process.getInputStream(), output, chunk);
            moved |= move(process.getErrorStream(), errors, chunk);
            if (moved) {
                lookAgainMillis = LOOK_AGAIN_MILLIS_MIN;
            } else if (wasAlive) {
                process.waitFor(lookAgainMillis, TimeUnit.MILLISECONDS);
                lookAgainMillis = Math.min(2 * lookAgainMillis, LOOK_AGAIN_MILLIS_MAX);
            } else {
                return;
            }
        }
    }

    private static boolean move(InputStream from, OutputStream to, byte[] chunk)
            throws IOException {
        int count;
        // The JDK empties the stream into memory under this lock when the process ends.
        synchronized (from) {
            int available = from.available();
            count = available > 0 ? from.read(chunk, 0, Math.min(available, chunk.length)) : 0;
        }
        if (count <= 0) {
            return false;
        }
        to.write(chunk, 0, count);
        to.flush();
        return true;
    }

    private static void feed(InputStream from, OutputStream to) {
        try (to) {
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int count = from.read(chunk); count >= 0; count = from.read(chunk)) {
                to.write(chunk, 0, count);
                to.flush();
            }
        } catch (IOException e) {
            // One of the two ends is gone; nobody is left to tell.
        }
    }

    private void send(Signal signal, Process process) {
        try {
            // To the group: the command leads a session of its own.
            new ProcessBuilder("kill", "-s", signal.name(), "--", "-" + process.pid())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            machine.log("signal " + signal + " not delivered: " + e.getMessage());
        }
    }

    @Override
    public void destroy(ChannelSession channel) {
        cancel(running);
        cancel(feeding);
    }

    private static void cancel(Scheduler.@Nullable Task<?> task) {
        if (task != null) {
            task.cancel();
        }
    }

    private static void closeQuietly(InputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // Closed is closed.
        }
    }
}
