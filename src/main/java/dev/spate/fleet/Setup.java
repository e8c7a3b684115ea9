package dev.spate.fleet;

import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How to prepare a machine.
 *
 * @param fingerprint names the preparation: a machine that has it is not prepared again; 64
 *     hexadecimal digits
 * @param script a shell script, carried to the machine as a file; must bear being run again
 * @param env environment variables
 * @param timeout after which it has failed
 */
public record Setup(
        String fingerprint, String script, SortedMap<String, String> env, Duration timeout) {
    public Setup {
        env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
    }
}
