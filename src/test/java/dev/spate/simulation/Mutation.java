package dev.spate.simulation;

import dev.spate.async.Deadline;
import dev.spate.async.FakeProcess;
import dev.spate.async.Scheduler;
import dev.spate.engine.Commit;
import dev.spate.engine.FakeTopics;
import dev.spate.engine.JobSource;
import dev.spate.engine.Journal;
import dev.spate.engine.OutputLog;
import dev.spate.fleet.Cloud;
import dev.spate.fleet.FakeCloud;
import dev.spate.fleet.FakeGround;
import dev.spate.fleet.Fleet;
import dev.spate.fleet.FleetEvents;
import dev.spate.fleet.FleetSettings;
import dev.spate.fleet.HastyFleet;
import dev.spate.fleet.Machine;
import dev.spate.fleet.MachineKeys;
import dev.spate.fleet.Shells;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.JobRecord;
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
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * A mistake planted at the edge of the workers, as if their code had made it: what the checks are
 * checked with. None of this is in the workers' own code.
 */
enum Mutation {
    /** No mistake. */
    NONE("nothing is wrong"),

    FENCE_SKIPPED("a new owner does not fence the one before") {
        @Override
        void world(FakeTopics topics, FakeCloud cloud, FakeGround ground) {
            topics.fencing(false);
        }
    },

    TOKEN_FORGOTTEN("every launch call has a token of its own") {
        @Override
        Cloud cloud(Cloud real, FakeProcess process) {
            return new CloudDisguise(real) {
                private int calls;

                @Override
                public Answer<List<Machine>> launch(
                        Launch launch, String userData, Deadline deadline)
                        throws InterruptedException {
                    calls++;
                    String text = launch.token().value().substring(0, 56);
                    LaunchToken fresh =
                            new LaunchToken(
                                    text
                                            + "%08x"
                                                    .formatted(
                                                            process.name().hashCode() * 31
                                                                    + calls));
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
    },

    SETTLED_IN_TWO("the result and the record that it is settled are two transactions") {
        @Override
        Journal journal(Journal real) {
            return new JournalDisguise(real) {
                @Override
                public CompletableFuture<Void> append(Commit commit) {
                    if (commit.results().isEmpty()) {
                        return real.append(commit);
                    }
                    Commit first =
                            new Commit(
                                    List.of(),
                                    List.of(),
                                    commit.results(),
                                    List.of(),
                                    OptionalLong.empty());
                    Commit second =
                            new Commit(
                                    commit.records(),
                                    commit.forgotten(),
                                    List.of(),
                                    commit.rejects(),
                                    commit.consumedTo());
                    return real.append(first).thenCompose(_ -> real.append(second));
                }
            };
        }
    },

    OFFSETS_FIRST("offsets are committed before the jobs they stand for are claimed") {
        @Override
        Journal journal(Journal real) {
            return new JournalDisguise(real) {
                @Override
                public CompletableFuture<Void> append(Commit commit) {
                    if (commit.consumedTo().isEmpty()) {
                        return real.append(commit);
                    }
                    Commit first =
                            new Commit(
                                    List.of(),
                                    List.of(),
                                    List.of(),
                                    List.of(),
                                    commit.consumedTo());
                    Commit second =
                            new Commit(
                                    commit.records(),
                                    commit.forgotten(),
                                    commit.results(),
                                    commit.rejects(),
                                    OptionalLong.empty());
                    return real.append(first).thenCompose(_ -> real.append(second));
                }
            };
        }
    },

    COMMITS_BELIEVED("a commit is believed before it is true") {
        @Override
        Journal journal(Journal real) {
            return new JournalDisguise(real) {
                @Override
                public CompletableFuture<Void> append(Commit commit) {
                    var _ = real.append(commit);
                    return CompletableFuture.completedFuture(null);
                }
            };
        }
    },

    RESULT_DROPPED("some results are never published") {
        @Override
        Journal journal(Journal real) {
            return new JournalDisguise(real) {
                private int results;

                @Override
                public CompletableFuture<Void> append(Commit commit) {
                    results += commit.results().size();
                    boolean isDropped = !commit.results().isEmpty() && results % 3 == 0;
                    return real.append(
                            isDropped
                                    ? new Commit(
                                            commit.records(),
                                            commit.forgotten(),
                                            List.of(),
                                            commit.rejects(),
                                            commit.consumedTo())
                                    : commit);
                }
            };
        }
    },

    REPLAY_STALE("the last record of the journal is missing from a replay") {
        @Override
        JobSource.Shard shard(JobSource.Shard shard, FakeProcess process) {
            List<JobRecord> records = new ArrayList<>(shard.records());
            if (!records.isEmpty()) {
                records.removeLast();
            }
            return new JobSource.Shard(
                    shard.number(), shard.epoch(), records, shard.journal(), shard.input());
        }
    },

    HOST_KEY_REUSED("all machines have the same host key") {
        @Override
        MachineKeys keys(MachineKeys real) {
            return _ -> real.planted(new LaunchToken("0".repeat(64)));
        }
    },

    TERMINATION_BELIEVED("a machine that was told to end is believed to be gone") {
        @Override
        Cloud cloud(Cloud real, FakeProcess process) {
            return new CloudDisguise(real) {
                private final Set<MachineId> told = new HashSet<>();

                @Override
                public Answer<Map<MachineId, Failure>> terminate(
                        Set<MachineId> ids, Deadline deadline) throws InterruptedException {
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
    },

    NOT_FOUND_BELIEVED("a machine that the cloud does not find is believed to be gone") {
        @Override
        Cloud cloud(Cloud real, FakeProcess process) {
            return new CloudDisguise(real) {
                private final Map<MachineId, Machine> seen = new HashMap<>();

                @Override
                public Answer<List<Machine>> launch(
                        Launch launch, String userData, Deadline deadline)
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
    },

    START_LOCK_MISSING("a run that was started can be started again") {
        @Override
        void world(FakeTopics topics, FakeCloud cloud, FakeGround ground) {
            ground.startLock(false);
        }
    },

    CONFIRMATION_SKIPPED("an owner believes that its shard is still its own") {
        @Override
        Journal journal(Journal real) {
            return new JournalDisguise(real) {
                @Override
                public CompletableFuture<Void> append(Commit commit) {
                    return real.append(commit);
                }

                @Override
                public CompletableFuture<Void> confirm() {
                    return CompletableFuture.completedFuture(null);
                }
            };
        }
    },

    STALE_OWNERS_SERVED("machines do as an owner says after whom there has been another") {
        @Override
        void world(FakeTopics topics, FakeCloud cloud, FakeGround ground) {
            ground.epochs(false);
        }
    },

    SWEPT_ANY_GROUP("the sweeper takes every machine in the account for the group's") {
        @Override
        void world(FakeTopics topics, FakeCloud cloud, FakeGround ground) {
            cloud.indiscreet(true);
        }

        @Override
        Cloud cloud(Cloud real, FakeProcess process) {
            return new ListDisguise(real) {
                @Override
                Machine shown(Machine machine) {
                    return machine.token().isPresent()
                            ? machine
                            : with(machine, new LaunchToken("f".repeat(64)), 0);
                }
            };
        }
    },

    SWEPT_ANY_SHARD("the sweeper takes every machine for one of its own shard's") {
        @Override
        Cloud cloud(Cloud real, FakeProcess process) {
            return new ListDisguise(real) {
                @Override
                Machine shown(Machine machine) {
                    return with(machine, machine.token().orElseThrow(), 0);
                }
            };
        }
    },

    SWEPT_AT_FIRST_SIGHT("the sweeper ends an orphan at first sight, however young") {
        @Override
        Fleets fleets() {
            return HastyFleet::start;
        }
    },

    OUTPUT_LOST("some output is never published, and nobody is told") {
        @Override
        OutputLog output(OutputLog real) {
            return new OutputLog() {
                private int pieces;

                @Override
                public void publish(Source source, long offset, byte[] bytes) {
                    pieces++;
                    if (pieces % 5 != 0) {
                        real.publish(source, offset, bytes);
                    }
                }

                @Override
                public void capped(Source source, long offset) {
                    real.capped(source, offset);
                }

                @Override
                public CompletableFuture<Void> flush() {
                    return real.flush();
                }
            };
        }
    },

    LEASE_NOT_ARMED("machines are not told when to end by themselves") {
        @Override
        Cloud cloud(Cloud real, FakeProcess process) {
            return new CloudDisguise(real) {
                @Override
                public Answer<List<Machine>> launch(
                        Launch launch, String userData, Deadline deadline)
                        throws InterruptedException {
                    return real.launch(launch, userData.replace("left=", "forgotten="), deadline);
                }
            };
        }
    };

    private final String sentence;

    Mutation(String sentence) {
        this.sentence = sentence;
    }

    /** What is wrong, for a person who reads a table. */
    String sentence() {
        return sentence;
    }

    /** Changes what all workers share. */
    void world(FakeTopics topics, FakeCloud cloud, FakeGround ground) {}

    /** The cloud as a worker sees it. */
    Cloud cloud(Cloud real, FakeProcess process) {
        return real;
    }

    /** The keys as a worker derives them. */
    MachineKeys keys(MachineKeys real) {
        return real;
    }

    /** How a worker's fleet is started. */
    Fleets fleets() {
        return Fleet::new;
    }

    /** A shard as a worker gets it. */
    JobSource.Shard shard(JobSource.Shard shard, FakeProcess process) {
        return new JobSource.Shard(
                shard.number(),
                shard.epoch(),
                shard.records(),
                journal(shard.journal()),
                shard.input());
    }

    /** Where a worker publishes what runs write. */
    OutputLog output(OutputLog real) {
        return real;
    }

    /** A shard's journal as its owner writes it. */
    Journal journal(Journal real) {
        return real;
    }

    /** What starts a fleet. */
    interface Fleets {
        Fleet start(
                FleetSettings settings,
                Cloud cloud,
                Shells shells,
                MachineKeys keys,
                Scheduler scheduler,
                RandomGenerator random,
                FleetEvents events);
    }

    /** A cloud whose lists are not what they should be. */
    abstract static class ListDisguise extends CloudDisguise {
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

    /** A journal, but for what a mutation overrides. */
    abstract static class JournalDisguise implements Journal {
        private final Journal real;

        JournalDisguise(Journal real) {
            this.real = real;
        }

        @Override
        public CompletableFuture<Void> confirm() {
            return real.confirm();
        }
    }
}
