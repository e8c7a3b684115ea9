/**
 * The way onto machines over SSH, on Apache MINA.
 *
 * <p>Start with {@link dev.spate.ssh.SshShells}, the {@link dev.spate.fleet.Shells} of a worker,
 * and with {@code run.sh} beside the classes, the one script that does on the machine whatever is
 * to be done there. {@link dev.spate.ssh.DerivedKeys} makes the keys that are planted on machines;
 * {@link dev.spate.ssh.Logins} says which key a machine must show and which one opens it.
 *
 * <p>Knows nothing of the cloud machines come from, nor of what a job is for. MINA's futures and
 * exceptions stay in here: what comes out are answers. A handful of threads serve all connections;
 * callers block on virtual threads of their own.
 */
@NullMarked
package dev.spate.ssh;

import org.jspecify.annotations.NullMarked;
