package dev.spate.simulation;

import dev.spate.async.Deadline;
import dev.spate.fleet.Catalog;
import dev.spate.fleet.Cloud;
import dev.spate.fleet.Machine;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Launch;
import dev.spate.job.MachineId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A cloud, but for what a mutation overrides. */
abstract class CloudDisguise implements Cloud {

    final Cloud real;

    CloudDisguise(Cloud real) {
        this.real = real;
    }

    @Override
    public Answer<Catalog> catalog(Set<String> images, Set<String> types, Deadline deadline)
            throws InterruptedException {
        return real.catalog(images, types, deadline);
    }

    @Override
    public Answer<List<Machine>> launch(Launch launch, String userData, Deadline deadline)
            throws InterruptedException {
        return real.launch(launch, userData, deadline);
    }

    @Override
    public Answer<List<Machine>> describe(Set<MachineId> ids, Deadline deadline)
            throws InterruptedException {
        return real.describe(ids, deadline);
    }

    @Override
    public Answer<List<Machine>> list(Deadline deadline) throws InterruptedException {
        return real.list(deadline);
    }

    @Override
    public Answer<Map<MachineId, Failure>> terminate(Set<MachineId> ids, Deadline deadline)
            throws InterruptedException {
        return real.terminate(ids, deadline);
    }

    @Override
    public Answer<String> console(MachineId id, Deadline deadline) throws InterruptedException {
        return real.console(id, deadline);
    }

    @Override
    public void close() {
        real.close();
    }

    /** The same machine, as if it were gone. */
    static Machine gone(Machine machine) {
        return new Machine(
                machine.id(),
                machine.token(),
                machine.index(),
                machine.shard(),
                Machine.State.GONE,
                machine.address(),
                machine.pool(),
                machine.launchedAt(),
                machine.expiresAt(),
                Optional.of(new Failure(Failure.Kind.LOST, "believed to be gone")));
    }
}
