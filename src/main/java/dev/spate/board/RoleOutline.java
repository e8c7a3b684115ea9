package dev.spate.board;

import dev.spate.job.MachineSpec;
import dev.spate.job.RelativePath;
import dev.spate.job.RoleName;
import java.util.List;
import java.util.Optional;

/**
 * What somebody asked a role to do, without what is not to be seen.
 *
 * @param name the role
 * @param count how many machines
 * @param isBackground whether it is stopped when the roles that are not have ended
 * @param machine what kind of machine
 * @param setup the script that prepares the machine; its beginning, if it is long
 * @param run the job itself; its beginning, if it is long
 * @param env names of environment variables, sorted
 * @param files where files are put
 * @param outputs what is fetched afterwards
 */
public record RoleOutline(
        RoleName name,
        int count,
        boolean isBackground,
        MachineSpec machine,
        Optional<String> setup,
        String run,
        List<String> env,
        List<RelativePath> files,
        List<RelativePath> outputs) {

    public RoleOutline {
        env = List.copyOf(env);
        files = List.copyOf(files);
        outputs = List.copyOf(outputs);
    }
}
