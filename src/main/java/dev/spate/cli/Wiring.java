package dev.spate.cli;

import dev.spate.async.Deadline;
import dev.spate.async.SystemScheduler;
import dev.spate.config.Configuration;
import dev.spate.ec2.Ec2Cloud;
import dev.spate.engine.Worker;
import dev.spate.fleet.Cloud;
import dev.spate.fleet.Fleet;
import dev.spate.fleet.Shells;
import dev.spate.kafka.JobMessages;
import dev.spate.kafka.KafkaJobSource;
import dev.spate.metrics.Meters;
import dev.spate.ssh.DerivedKeys;
import dev.spate.ssh.Logins;
import dev.spate.ssh.SshShells;
import dev.spate.web.WebServer;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** How the parts of a worker are put together, and in which order they begin and end. */
final class Wiring {

    /** Giving back shards takes seconds; who stopped the process kills it after twenty or so. */
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(12);

    private Wiring() {}

    /**
     * Starts a worker. Returns when it has begun to take shards.
     *
     * @throws RuntimeException if a part cannot be started; those that were are closed again
     */
    static RunningWorker start(Configuration configuration) {
        Closing closing = new Closing();
        try {
            SystemScheduler scheduler = closing.add(new SystemScheduler());
            RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();

            // HTTP comes first and goes last: whoever watches sees the rest come and go.
            Meters meters = closing.add(new Meters(Version.text()));
            WorkerHealth health = new WorkerHealth();
            WorkerMetrics metrics = new WorkerMetrics(meters);
            WebServer web =
                    closing.add(WebServer.start(configuration.http(), metrics::scrape, health));

            DerivedKeys keys = new DerivedKeys(configuration.secret().bytes());
            Cloud cloud = closing.add(new Ec2Cloud(configuration.ec2(), scheduler, random, meters));
            Shells shells =
                    closing.add(
                            new SshShells(
                                    configuration.ssh(),
                                    Logins.planted(keys, configuration.ssh()),
                                    scheduler,
                                    meters));
            Fleet fleet =
                    closing.add(
                            new Fleet(
                                    configuration.fleet(),
                                    cloud,
                                    shells,
                                    keys,
                                    scheduler,
                                    random,
                                    meters));

            KafkaJobSource source =
                    new KafkaJobSource(
                            configuration.kafka(),
                            new JobMessages(configuration.profiles(), configuration.limits()),
                            scheduler,
                            random,
                            new WatchedClients(meters.kafka()));
            Worker worker = new Worker(source, fleet, configuration.engine(), scheduler, meters);
            closing.add(() -> worker.close(Deadline.after(scheduler, LEAVE_TIMEOUT)));
            closing.add(health::stopping);

            worker.start();
            metrics.watch(worker, fleet, source, scheduler);
            health.watch(worker, source::troubles);
            closing.add(ReadinessLog.start(health, scheduler));
            return new RunningWorker(web, health, worker.ended(), closing);
        } catch (RuntimeException | Error failure) {
            closing.close();
            throw failure;
        }
    }
}
