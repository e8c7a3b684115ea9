/**
 * The chaos harness: a broker, a simulated cloud and three workers, each a process of its own, jobs
 * of every kind, and a seeded plan of kills, stops and bad weather.
 *
 * <p>{@link dev.spate.chaos.ChaosRun} is the whole of it. When all is quiet, {@link
 * dev.spate.chaos.Checker} decides by what others have written down: the topics as any reader sees
 * them, what the cloud saw, and what the jobs themselves left in a ledger. It never asks a worker,
 * but for the time at which it took a shard up.
 *
 * <p>A plan can be repeated from its seed; what real processes make of it cannot. Nothing here is
 * for use by several threads unless it says so.
 */
@NullMarked
package dev.spate.chaos;

import org.jspecify.annotations.NullMarked;
