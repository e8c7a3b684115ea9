package dev.spate.board;

import dev.spate.job.Retries;
import java.time.Duration;
import java.util.List;

/**
 * What somebody asked for, without what is not to be seen.
 *
 * @param roles at least one
 * @param timeout how long an attempt may run
 * @param patience how long it may wait for machines in all
 * @param retries how often it may be tried again
 * @param mayReuse whether its machines may serve other jobs
 * @param isLogged whether what its runs write is published while they run
 */
public record JobOutline(
        List<RoleOutline> roles,
        Duration timeout,
        Duration patience,
        Retries retries,
        boolean mayReuse,
        boolean isLogged) {

    public JobOutline {
        roles = List.copyOf(roles);
    }
}
