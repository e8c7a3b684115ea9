package dev.spate.async;

/** Placeholder until the real one lands. */
public final class BatchIterator {
    private BatchIterator() {}
}
