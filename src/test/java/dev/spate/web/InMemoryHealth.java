package dev.spate.web;

import java.util.List;

/** As healthy as it is told to be. Safe for any thread. */
public final class InMemoryHealth implements Health {

    private volatile List<String> notLive = List.of();
    private volatile List<String> notReady = List.of();

    /** It is not live, for these reasons; or live, for none. */
    public void notLive(List<String> reasons) {
        notLive = List.copyOf(reasons);
    }

    /** It is not ready, for these reasons; or ready, for none. */
    public void notReady(List<String> reasons) {
        notReady = List.copyOf(reasons);
    }

    @Override
    public List<String> reasonsNotLive() {
        return notLive;
    }

    @Override
    public List<String> reasonsNotReady() {
        return notReady;
    }
}
