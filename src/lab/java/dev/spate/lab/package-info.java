/**
 * The lab: benchmarks that anyone can repeat, run by {@code ./lab NAME}.
 *
 * <p>Every benchmark measures Spate beside the peer it is compared with, in the same run and on the
 * same data, interleaved so that both meet the same machine, and prints medians and their ratio.
 * Nothing of Spate depends on this package.
 */
@NullMarked
package dev.spate.lab;

import org.jspecify.annotations.NullMarked;
