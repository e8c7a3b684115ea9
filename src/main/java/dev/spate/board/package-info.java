/**
 * The board: what becomes of every job of the group, for whoever wants to look.
 *
 * <p>Start with {@link dev.spate.board.Board}, which is all that others see: rows, pages and
 * statistics of the jobs whose journal partitions are read here, and who reads the others. {@link
 * dev.spate.board.Changes} tells of every job's changes as they come. Both follow the journal, and
 * nothing follows them: a board that is slow, wrong or dead does no job any harm.
 *
 * <p>Values of environment variables and contents of files are never here, only their names. Knows
 * of jobs what the journal says of them, and nothing of engines, machines and HTTP. Everything
 * public may be used by any thread.
 */
@NullMarked
package dev.spate.board;

import org.jspecify.annotations.NullMarked;
