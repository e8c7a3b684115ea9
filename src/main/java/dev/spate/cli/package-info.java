/**
 * The command line: a class for each command, and the wiring of a worker.
 *
 * <p>Start with {@link dev.spate.cli.Main}. Commands print for people on a terminal and, with
 * {@code --json}, one JSON document a line for programs. Results go to standard output; what went
 * wrong goes to standard error, one line each; exit codes are 0 for success, 1 for failure, 2 for a
 * mistake in the call or the configuration.
 *
 * <p>May use every other package; nothing may use it.
 */
@NullMarked
package dev.spate.cli;

import org.jspecify.annotations.NullMarked;
