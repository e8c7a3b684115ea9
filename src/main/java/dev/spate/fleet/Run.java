package dev.spate.fleet;

import dev.spate.job.InputFile;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is to be run on a machine.
 *
 * @param key names it
 * @param script a shell script, carried to the machine as a file
 * @param env environment variables, {@code SPATE_*} among them
 * @param files put into the working directory first
 * @param timeout after which the machine itself ends it
 */
public record Run(
        RunKey key,
        String script,
        SortedMap<String, String> env,
        List<InputFile> files,
        Duration timeout) {
    public Run {
        env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
        files = List.copyOf(files);
    }
}
