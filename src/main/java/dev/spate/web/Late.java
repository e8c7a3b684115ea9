package dev.spate.web;

import dev.spate.board.Board;
import dev.spate.board.Contents;
import org.jspecify.annotations.Nullable;

/** The API's parts, which come later than the port is opened. Safe for any thread. */
final class Late {

    private static final int SOON_SECONDS = 1;
    private static final int LATER_SECONDS = 10;

    private volatile @Nullable Api api;

    void set(Api parts) {
        api = parts;
    }

    /** Or a refusal, as long as they are not there. */
    Api get() {
        Api parts = api;
        if (parts == null) {
            throw Refused.later("The worker is starting.", SOON_SECONDS);
        }
        return parts;
    }

    /** What the board has; or a refusal, if it cannot tell. */
    Contents contents() {
        return switch (get().board().state()) {
            case Board.State.Ready(Contents contents) -> contents;
            case Board.State.Restoring(long behind) ->
                    throw Refused.later(
                            "The board is not ready yet: " + behind + " records behind.",
                            SOON_SECONDS);
            case Board.State.Failed(String why) ->
                    throw Refused.later("The board has failed: " + why, LATER_SECONDS);
            case Board.State.Stopped() ->
                    throw Refused.later("This worker keeps no board.", LATER_SECONDS);
        };
    }
}
