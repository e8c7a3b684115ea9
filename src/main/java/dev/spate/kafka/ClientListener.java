package dev.spate.kafka;

/**
 * Told of Kafka clients that live as long as a shard or the worker, so that their metrics can be
 * bound. Implementations are quick and never throw; called from several threads.
 */
public interface ClientListener {

    /** Nobody listens. */
    ClientListener NONE = new ClientListener() {};

    /** A client has been made: a Kafka {@code Consumer}, {@code Producer} or {@code Admin}. */
    default void created(AutoCloseable client) {}

    /** A client is about to be closed. */
    default void closed(AutoCloseable client) {}
}
