package dev.spate.board;

import java.util.List;

/**
 * A part of a list of jobs.
 *
 * @param rows newest first, at most as many as were asked for
 * @param isMore whether there may be more behind them
 * @param total how many jobs the filter lets through in all, wherever this part begins
 */
public record Listing(List<JobRow> rows, boolean isMore, long total) {

    public Listing {
        rows = List.copyOf(rows);
    }
}
