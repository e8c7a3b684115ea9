package dev.spate.fleet;

/** Placeholder until the real one lands. */
public final class Fleet {
    private Fleet() {}
}
