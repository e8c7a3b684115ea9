package dev.spate.web;

import dev.spate.board.Board;
import dev.spate.board.Changes;
import dev.spate.board.Peer;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * What there is to tell of a worker's jobs and machines, and to do about them.
 *
 * @param about the worker itself
 * @param board what becomes of jobs
 * @param changes as they come
 * @param machines those of this worker; asked for on every request, answers from memory
 * @param output what runs write
 * @param submissions where jobs are published; used only if there is a token
 */
public record Api(
        About about,
        Board board,
        Changes changes,
        Supplier<List<MachineRow>> machines,
        LiveOutput output,
        Submissions submissions) {

    /**
     * A worker.
     *
     * @param group the workers that share a journal and machines
     * @param version of this build
     * @param self where the others of its group reach it
     * @param startedAt by the wall clock
     */
    public record About(String group, String version, Peer self, Instant startedAt) {}
}
