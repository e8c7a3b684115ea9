/**
 * Whole workers on one fake clock, in weather drawn from a seed, and a judge who reads the history.
 *
 * <p>Start with {@link dev.spate.simulation.Simulation}: one seed, one history. Real workers
 * (engine and fleet, nothing replaced) share shards, a cloud, a network and machines that are
 * fakes; {@link dev.spate.simulation.Weather} breaks these, and kills, pauses and restarts workers.
 * Everything that really happens is written to a {@link dev.spate.simulation.History}, and the
 * {@link dev.spate.simulation.Checks} judge that alone: what a worker believes of itself is no
 * evidence.
 *
 * <p>The same seed gives the same history, to the last step. One thread runs at a time; whoever
 * wants more makes several simulations side by side, which share nothing.
 */
@NullMarked
package dev.spate.simulation;

import org.jspecify.annotations.NullMarked;
