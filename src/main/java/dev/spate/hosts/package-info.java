/**
 * Machines of somebody's own, from a fixed list, in place of a cloud: to launch is to claim a free
 * one, to terminate is to give it back.
 *
 * <p>Start with {@link dev.spate.hosts.HostsCloud}. Who has a machine is written on the machine
 * itself, through {@link dev.spate.fleet.Claims}, so that workers which share the list need nothing
 * else. Knows nothing of SSH. Safe for any thread; calls block on virtual threads.
 */
@NullMarked
package dev.spate.hosts;

import org.jspecify.annotations.NullMarked;
