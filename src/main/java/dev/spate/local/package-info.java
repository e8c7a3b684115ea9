/**
 * The world that Spate runs in, on one machine: a simulated cloud and an embedded broker.
 *
 * <p>Start with {@link dev.spate.local.SimulatedCloud}: a real HTTP endpoint that speaks the EC2
 * Query API, and machines that one can really log into over SSH and that run real processes. {@link
 * dev.spate.local.Weather} is everything that can be made to go wrong, {@link
 * dev.spate.local.Fault} by fault.
 *
 * <p>This package stands on the far side of the wire. It knows nothing of how Spate launches
 * machines or runs jobs, and must not: what it promises is what EC2, sshd and cloud-init promise.
 * Every public type is safe for use by several threads.
 */
@NullMarked
package dev.spate.local;

import org.jspecify.annotations.NullMarked;
