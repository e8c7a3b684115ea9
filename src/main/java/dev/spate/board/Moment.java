package dev.spate.board;

import dev.spate.job.Failure;
import java.time.Instant;
import java.util.Optional;

/**
 * When a job came to a stage.
 *
 * @param attempt the attempt it was in; for a waiting job, the one to come
 * @param stage the stage it came to
 * @param at when that was recorded
 * @param why what brought it there, or what it waits for
 */
public record Moment(int attempt, Stage stage, Instant at, Optional<Failure> why) {}
