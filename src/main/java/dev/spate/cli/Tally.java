package dev.spate.cli;

/** Jobs that are waited for: a line for each that is done, and how many of them are. */
final class Tally implements AutoCloseable {

    private final JobsProgress progress;
    private final int jobs;
    private int done;
    private int succeeded;

    Tally(Terminal terminal, int jobs) throws InterruptedException {
        this.progress = new JobsProgress(terminal, jobs);
        this.jobs = jobs;
    }

    /** One more is done. */
    void add(String line, boolean hasSucceeded) {
        progress.print(line);
        done++;
        if (hasSucceeded) {
            succeeded++;
        }
        progress.done(done);
    }

    boolean haveAllSucceeded() {
        return succeeded == jobs;
    }

    @Override
    public void close() {
        progress.close();
    }
}
