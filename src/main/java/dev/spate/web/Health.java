package dev.spate.web;

import java.util.List;

/**
 * How the worker is. Asked on every request: implementations answer from memory and never block;
 * safe for any thread.
 */
public interface Health {

    /**
     * Why this process should be replaced by a new one; empty if it should not. What a new process
     * could not do better, such as a broker that is down, does not belong here.
     */
    List<String> reasonsNotLive();

    /** Why no work gets done here at the moment; empty if all is well. */
    List<String> reasonsNotReady();
}
