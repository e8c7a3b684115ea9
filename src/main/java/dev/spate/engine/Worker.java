package dev.spate.engine;

/** Placeholder until the real one lands. */
public final class Worker {
    private Worker() {}
}
