package dev.spate.cli;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.async.SystemScheduler;
import dev.spate.config.Configuration;
import dev.spate.ec2.Ec2Cloud;
import dev.spate.fleet.Catalog;
import dev.spate.fleet.Cloud;
import dev.spate.fleet.FleetEvents;
import dev.spate.fleet.Machine;
import dev.spate.fleet.Promised;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.JobRecord;
import dev.spate.job.MachineId;
import dev.spate.kafka.JournalReader;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;

/**
 * The group's machines in EC2, and what the journal says of them: seen from outside, beside workers
 * that may be running. One thread at a time.
 */
final class Inventory implements AutoCloseable {

    private static final Duration CALL_MAX = Duration.ofMinutes(1);

    private final Closing closing = new Closing();
    private final Scheduler scheduler;
    private final Cloud cloud;
    private final JournalReader journal;
    private final String kafka;

    /** Connects to both. */
    Inventory(Configuration configuration) {
        if (configuration.hosts().isPresent()) {
            throw Refusal.usage(
                    "hosts: machines and reap look at EC2, and this configuration has machines of its"
                            + " own instead");
        }
        this.kafka = configuration.kafka().bootstrapServers();
        try {
            SystemScheduler system = closing.add(new SystemScheduler());
            this.scheduler = system;
            this.journal = closing.add(new JournalReader(configuration.kafka(), system));
            this.cloud =
                    closing.add(
                            new Ec2Cloud(
                                    configuration.ec2(),
                                    system,
                                    () -> ThreadLocalRandom.current().nextLong(),
                                    FleetEvents.NONE));
        } catch (KafkaException unreachable) {
            closing.close();
            throw unreachable(unreachable);
        }
    }

    Scheduler scheduler() {
        return scheduler;
    }

    int shardCount() {
        return journal.shardCount();
    }

    boolean hasHadOwner(int shard) {
        return journal.hasHadOwner(shard);
    }

    /** All that are not gone. */
    List<Machine> machines() throws InterruptedException {
        return value(cloud.list(deadline()));
    }

    /** What machines of these types cost; nothing if nobody says. */
    Map<String, Catalog.MachineType> prices(Set<String> types) throws InterruptedException {
        return switch (cloud.catalog(Set.of(), types, deadline())) {
            case Answer.Ok<Catalog>(Catalog catalog) -> catalog.types();
            case Answer.Failed<Catalog> _ -> Map.of();
        };
    }

    /** Reads the journal on to its end; {@code each} is told of all that it says on the way. */
    void read(Consumer<JobRecord> each) throws InterruptedException {
        try {
            journal.catchUp(entry -> each.accept(entry.record()));
        } catch (KafkaException failure) {
            throw unreachable(failure);
        } catch (IllegalArgumentException unreadable) {
            throw Refusal.failure(String.valueOf(unreadable.getMessage()));
        }
    }

    /** The jobs of a shard. */
    List<JobRecord> jobs(int shard) {
        return journal.latest(shard).stream().map(JournalReader.Entry::record).toList();
    }

    /** Whom the machines of each shard are for. */
    Map<Integer, Promised> promised() {
        Map<Integer, Promised> promised = new HashMap<>();
        for (int shard = 0; shard < shardCount(); shard++) {
            promised.put(shard, Promised.by(jobs(shard)));
        }
        return promised;
    }

    /**
     * Asks EC2 to end machines.
     *
     * @return why not, for those that it refused
     */
    Map<MachineId, Failure> end(Set<MachineId> machines) throws InterruptedException {
        return value(cloud.terminate(machines, deadline()));
    }

    @Override
    public void close() {
        closing.close();
    }

    private Deadline deadline() {
        return Deadline.after(scheduler, CALL_MAX);
    }

    private Refusal unreachable(KafkaException why) {
        return Refusal.ofKafka(kafka, why);
    }

    private static <T> T value(Answer<T> answer) {
        return switch (answer) {
            case Answer.Ok<T>(T value) -> value;
            case Answer.Failed<T>(Failure why) -> throw Refusal.failure("EC2: " + why.message());
        };
    }
}
