package dev.spate.job;

import java.util.Optional;

/**
 * A declared output that the run left and that was fetched.
 *
 * @param path relative to the run's working directory
 * @param bytes its size
 * @param sha256 of its content, 64 hexadecimal digits
 * @param location where the worker put it, as a URI; empty if it was only measured
 */
public record OutputFile(RelativePath path, long bytes, String sha256, Optional<String> location) {

    public OutputFile {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes: expected at least 0, found " + bytes);
        }
    }
}
