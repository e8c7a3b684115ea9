package dev.spate.local;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.future.DefaultCloseFuture;
import org.apache.sshd.common.future.SshFutureListener;
import org.apache.sshd.common.util.threads.CloseableExecutorService;

/** A virtual thread for each task, in the shape that SSHD asks for. */
final class VirtualThreads extends AbstractExecutorService implements CloseableExecutorService {
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final DefaultCloseFuture closed = new DefaultCloseFuture("sftp", null);

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    @Override
    public void shutdown() {
        executor.shutdown();
        closed.setClosed();
    }

    @Override
    public List<Runnable> shutdownNow() {
        List<Runnable> left = executor.shutdownNow();
        closed.setClosed();
        return left;
    }

    @Override
    public boolean isShutdown() {
        return executor.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return executor.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return executor.awaitTermination(timeout, unit);
    }

    @Override
    public void close() {
        var _ = close(true);
    }

    @Override
    public CloseFuture close(boolean immediately) {
        if (immediately) {
            shutdownNow();
        } else {
            shutdown();
        }
        return closed;
    }

    @Override
    public void addCloseFutureListener(SshFutureListener<CloseFuture> listener) {
        closed.addListener(listener);
    }

    @Override
    public void removeCloseFutureListener(SshFutureListener<CloseFuture> listener) {
        closed.removeListener(listener);
    }

    @Override
    public boolean isClosed() {
        return closed.isClosed();
    }

    @Override
    public boolean isClosing() {
        return isShutdown();
    }
}
