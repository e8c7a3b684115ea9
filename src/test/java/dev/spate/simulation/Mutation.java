package dev.spate.simulation;

import dev.spate.async.FakeProcess;
import dev.spate.async.Scheduler;
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
import dev.spate.fleet.MachineKeys;
import dev.spate.fleet.Shells;
import dev.spate.job.JobRecord;
import dev.spate.job.LaunchToken;
import java.util.ArrayList;
import java.util.List;
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
            return CloudMistakes.tokenForgotten(real, process);
        }
    },

    SETTLED_IN_TWO("the result and the record that it is settled are two transactions") {
        @Override
        Journal journal(Journal real) {
            return JournalMistakes.settledInTwo(real);
        }
    },

    OFFSETS_FIRST("offsets are committed before the jobs they stand for are claimed") {
        @Override
        Journal journal(Journal real) {
            return JournalMistakes.offsetsFirst(real);
        }
    },

    COMMITS_BELIEVED("a commit is believed before it is true") {
        @Override
        Journal journal(Journal real) {
            return JournalMistakes.believed(real);
        }
    },

    RESULT_DROPPED("some results are never published") {
        @Override
        Journal journal(Journal real) {
            return JournalMistakes.resultDropped(real);
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
            return CloudMistakes.terminationBelieved(real);
        }
    },

    NOT_FOUND_BELIEVED("a machine that the cloud does not find is believed to be gone") {
        @Override
        Cloud cloud(Cloud real, FakeProcess process) {
            return CloudMistakes.notFoundBelieved(real);
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
            return JournalMistakes.unconfirmed(real);
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
            return CloudMistakes.ofAnyGroup(real);
        }
    },

    SWEPT_ANY_SHARD("the sweeper takes every machine for one of its own shard's") {
        @Override
        Cloud cloud(Cloud real, FakeProcess process) {
            return CloudMistakes.ofAnyShard(real);
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
            return CloudMistakes.leaseNotArmed(real);
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
}
