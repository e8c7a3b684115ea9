package dev.spate.ssh;

import dev.spate.async.Deadline;
import dev.spate.fleet.Claims;
import dev.spate.fleet.Shell;
import dev.spate.fleet.Target;
import dev.spate.job.Answer;
import java.util.Optional;

/** Claims kept on the machines themselves, in a file that can be made only once. */
public final class SshClaims implements Claims {

    private final SshShells shells;

    /**
     * @param shells the way onto the machines; stays open
     */
    public SshClaims(SshShells shells) {
        this.shells = shells;
    }

    @Override
    public Answer<String> claim(Target target, String claim, Deadline deadline)
            throws InterruptedException {
        return on(target, deadline, shell -> shell.claim(claim, deadline));
    }

    @Override
    public Answer<Optional<String>> claimed(Target target, Deadline deadline)
            throws InterruptedException {
        return on(target, deadline, shell -> shell.claimed(deadline));
    }

    @Override
    public Answer<Shell.Done> release(Target target, String claim, Deadline deadline)
            throws InterruptedException {
        return on(target, deadline, shell -> shell.release(claim, deadline));
    }

    private interface Call<T> {
        Answer<T> over(SshShell shell) throws InterruptedException;
    }

    private <T> Answer<T> on(Target target, Deadline deadline, Call<T> call)
            throws InterruptedException {
        return switch (shells.open(target, deadline)) {
            case Answer.Failed<SshShell> failed -> failed.as();
            case Answer.Ok<SshShell>(SshShell shell) -> {
                try (shell) {
                    yield call.over(shell);
                }
            }
        };
    }
}
