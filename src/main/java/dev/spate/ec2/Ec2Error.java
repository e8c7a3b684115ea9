package dev.spate.ec2;

import dev.spate.job.Failure;

/**
 * A call that did not succeed.
 *
 * @param code EC2's error code, or one of this package's words where EC2 did not say anything
 * @param text what EC2 said, or the SDK
 * @param failure what it means to a job
 * @param isRepeatable whether the same call again, a little later, may well succeed
 * @param isRefusal whether EC2 understood the call and did nothing, because the worker's
 *     configuration or credentials do not allow it
 */
record Ec2Error(
        String code, String text, Failure failure, boolean isRepeatable, boolean isRefusal) {}
