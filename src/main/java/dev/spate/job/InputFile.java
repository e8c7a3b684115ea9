package dev.spate.job;

/**
 * A small file that travels in the job message and is put on the machine before setup.
 *
 * @param path relative to the run's working directory
 * @param text the content, UTF-8 once on the machine
 * @param executable whether the file may be run
 */
public record InputFile(RelativePath path, String text, boolean executable) {}
