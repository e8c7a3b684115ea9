package dev.spate.fleet;

/**
 * A machine refuses to do something for a shard's owner, because a later owner has been there. As
 * an interruption, it ends what its worker does for the shard: no machine of it may be touched.
 */
public final class StaleOwner extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StaleOwner(String message) {
        super(message);
    }
}
