package dev.spate.cli;

import dev.spate.async.Scheduler;
import dev.spate.board.Board;
import dev.spate.board.Changes;
import dev.spate.board.JournalTail;
import dev.spate.board.Peer;
import dev.spate.board.RecordForm;
import dev.spate.board.StreamBoard;
import dev.spate.config.Configuration;
import dev.spate.kafka.ClientProperties;
import dev.spate.kafka.Records;
import dev.spate.metrics.Meters;
import java.util.random.RandomGenerator;

/**
 * How the board is put together.
 *
 * @param board what the worker knows of jobs
 * @param changes of all workers' jobs; reads nothing until somebody listens
 * @param stop begins to end the board, and does not wait
 */
record BoardWiring(Board board, Changes changes, Runnable stop) {

    private static final RecordForm FORM =
            new RecordForm(Records::decode, Records::encodeJob, Records::encode);

    /**
     * Begins to keep a board, unless none is wanted. Returns at once.
     *
     * @param own where this worker answers the others
     */
    static BoardWiring start(
            Configuration configuration,
            Closing closing,
            Scheduler scheduler,
            RandomGenerator random,
            Meters meters,
            Peer own) {
        ClientProperties clients = new ClientProperties(configuration.kafka());
        String journal = configuration.kafka().topics().journal();
        JournalTail changes =
                closing.add(new JournalTail(clients.tail(), journal, FORM, scheduler, random));
        if (!configuration.board().isEnabled()) {
            return new BoardWiring(Board.OFF, changes, () -> {});
        }
        StreamBoard board =
                closing.add(
                        StreamBoard.start(
                                clients.every(),
                                configuration.kafka().group(),
                                journal,
                                own,
                                configuration.board(),
                                FORM,
                                scheduler,
                                random));
        meters.gauges()
                .boardJobs(board::jobs)
                .boardReady(() -> board.state() instanceof Board.State.Ready)
                .boardBehind(board::behindRecords)
                .boardUnreadable(board::unreadableRecords);
        return new BoardWiring(board, changes, board::stop);
    }
}
