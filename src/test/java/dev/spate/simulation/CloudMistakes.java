package dev.spate.simulation;

import dev.spate.async.Deadline;
import dev.spate.async.FakeProcess;
import dev.spate.fleet.Cloud;
import dev.spate.fleet.Machine;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Launch;
import dev.spate.job.LaunchToken;
import dev.spate.job.MachineId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Clouds that are used wrongly: what {@link Mutation} plants between a worker and EC2. */
final class CloudMistakes {

    private CloudMistakes() {}

    static Cloud tokenForgotten(Cloud real, FakeProcess process) {
        return new CloudDisguise(real) {
            private int calls;

            @Override
            public Answer<List<Machine>> launch(Launch launch, String userData, Deadline deadline)
                    throws InterruptedException {
                calls++;
                String text = launch.token().value().substring(0, 56);
                LaunchToken fresh =
                        new LaunchToken(
                                text + "%08x".formatted(process.name().hashCode() * 31 + calls));
                return real.launch(
                        new Launch(
                                fresh,
                                launch.shard(),
                                launch.spec(),
                                launch.imageId(),
                                launch.pool(),
                                launch.count(),
                                launch.lease(),
                                launch.expiresAt(),
                                launch.usdPerHour()),
                        userData,
                        deadline);
            }
        };
    }

    static Cloud terminationBelieved(Cloud real) {
        return new CloudDisguise(real) {
            private final Set<MachineId> told = new HashSet<>();

            @Override
            public Answer<Map<MachineId, Failure>> terminate(Set<MachineId> ids, Deadline deadline)
                    throws InterruptedException {
                told.addAll(ids);
                return real.terminate(ids, deadline);
            }

            @Override
            public Answer<List<Machine>> describe(Set<MachineId> ids, Deadline deadline)
                    throws InterruptedException {
                return switch (real.describe(ids, deadline)) {
                    case Answer.Failed<List<Machine>> failed -> failed;
                    case Answer.Ok<List<Machine>>(List<Machine> machines) ->
                            Answer.ok(
                                    machines.stream()
                                            .map(m -> told.contains(m.id()) ? gone(m) : m)
                                            .toList());
                };
            }
        };
    }

    static Cloud notFoundBelieved(Cloud real) {
        return new CloudDisguise(real) {
            private final Map<MachineId, Machine> seen = new HashMap<>();

            @Override
            public Answer<List<Machine>> launch(Launch launch, String userData, Deadline deadline)
                    throws InterruptedException {
                Answer<List<Machine>> answer = real.launch(launch, userData, deadline);
                if (answer instanceof Answer.Ok<List<Machine>>(List<Machine> machines)) {
                    machines.forEach(machine -> seen.put(machine.id(), machine));
                }
                return answer;
            }

            @Override
            public Answer<List<Machine>> describe(Set<MachineId> ids, Deadline deadline)
                    throws InterruptedException {
                Answer<List<Machine>> answer = real.describe(ids, deadline);
                if (!(answer instanceof Answer.Ok<List<Machine>>(List<Machine> machines))) {
                    return answer;
                }
                List<Machine> all = new ArrayList<>(machines);
                machines.forEach(machine -> seen.put(machine.id(), machine));
                ids.stream()
                        .filter(id -> machines.stream().noneMatch(m -> m.id().equals(id)))
                        .map(seen::get)
                        .filter(Objects::nonNull)
                        .forEach(machine -> all.add(gone(machine)));
                return Answer.ok(all);
            }
        };
    }

    static Cloud ofAnyGroup(Cloud real) {
        return new ListDisguise(real) {
            @Override
            Machine shown(Machine machine) {
                return machine.token().isPresent()
                        ? machine
                        : with(machine, new LaunchToken("f".repeat(64)), 0);
            }
        };
    }

    static Cloud ofAnyShard(Cloud real) {
        return new ListDisguise(real) {
            @Override
            Machine shown(Machine machine) {
                return with(machine, machine.token().orElseThrow(), 0);
            }
        };
    }

    static Cloud leaseNotArmed(Cloud real) {
        return new CloudDisguise(real) {
            @Override
            public Answer<List<Machine>> launch(Launch launch, String userData, Deadline deadline)
                    throws InterruptedException {
                return real.launch(launch, userData.replace("left=", "forgotten="), deadline);
            }
        };
    }

    /** A cloud whose lists are not what they should be. */
    private abstract static class ListDisguise extends CloudDisguise {
        ListDisguise(Cloud real) {
            super(real);
        }

        /** The machine as the list shows it. */
        abstract Machine shown(Machine machine);

        @Override
        public Answer<List<Machine>> list(Deadline deadline) throws InterruptedException {
            return switch (real.list(deadline)) {
                case Answer.Failed<List<Machine>> failed -> failed;
                case Answer.Ok<List<Machine>>(List<Machine> machines) ->
                        Answer.ok(machines.stream().map(this::shown).toList());
            };
        }

        static Machine with(Machine machine, LaunchToken token, int shard) {
            return new Machine(
                    machine.id(),
                    Optional.of(token),
                    machine.index(),
                    OptionalInt.of(shard),
                    machine.state(),
                    machine.address(),
                    machine.pool(),
                    machine.launchedAt(),
                    machine.expiresAt(),
                    machine.ended());
        }
    }
}
