package dev.spate.job;

/** How a machine is paid for. */
public enum Market {
    /** Cheaper, and can be taken away at two minutes' notice. */
    SPOT("spot"),
    /** At the list price, for as long as it is wanted. */
    ON_DEMAND("on-demand");

    private final String word;

    Market(String word) {
        this.word = word;
    }

    /** As messages, tags and metrics write it. */
    public String word() {
        return word;
    }

    /** The market of that name. */
    public static Market parse(String word) {
        for (Market market : values()) {
            if (market.word.equals(word)) {
                return market;
            }
        }
        throw new IllegalArgumentException(
                "expected spot or on-demand, found " + Text.quoted(word));
    }
}
