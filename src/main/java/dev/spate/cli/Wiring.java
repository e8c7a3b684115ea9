package dev.spate.cli;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.async.SystemScheduler;
import dev.spate.board.Peer;
import dev.spate.config.Configuration;
import dev.spate.ec2.Ec2Cloud;
import dev.spate.engine.EngineEvents;
import dev.spate.engine.OutputLog;
import dev.spate.engine.Worker;
import dev.spate.fleet.Cloud;
import dev.spate.fleet.Fleet;
import dev.spate.fleet.FleetEvents;
import dev.spate.hosts.HostsCloud;
import dev.spate.kafka.JobMessages;
import dev.spate.kafka.KafkaJobSource;
import dev.spate.kafka.KafkaOutputLog;
import dev.spate.metrics.Meters;
import dev.spate.ssh.DerivedKeys;
import dev.spate.ssh.Logins;
import dev.spate.ssh.SshClaims;
import dev.spate.ssh.SshShells;
import dev.spate.tracing.JobTraces;
import dev.spate.web.WebServer;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** How the parts of a worker are put together, and in which order they begin and end. */
final class Wiring {

    /** Giving back shards takes seconds; who stopped the process kills it after twenty or so. */
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration WARM_UP_TIMEOUT = Duration.ofSeconds(30);

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
            WorkerHealth health = new WorkerHealth(scheduler);
            WorkerMetrics metrics = new WorkerMetrics(meters);
            WebServer web =
                    closing.add(
                            WebServer.start(
                                    configuration.http(),
                                    metrics::scrape,
                                    health,
                                    meters.http()::answered,
                                    scheduler));
            meters.gauges().httpStreams(web::streams, web.streamsMax());
            // Asked once: the name service may take its time.
            Peer self = web.peer();

            // Nobody waits for it, and nothing but what is shown depends on it.
            BoardWiring board =
                    BoardWiring.start(configuration, closing, scheduler, random, meters, self);

            DerivedKeys keys = new DerivedKeys(configuration.secret().bytes());
            CloudWatch watch = new CloudWatch(meters, scheduler);
            SshShells shells =
                    closing.add(
                            new SshShells(
                                    configuration.ssh(),
                                    logins(configuration, keys),
                                    scheduler,
                                    meters));
            Cloud cloud = closing.add(cloud(configuration, shells, scheduler, random, watch));
            // Nobody waits for it; the first job would wait for what it does.
            var warmingUp = scheduler.start("ssh-warm-up", () -> warmUp(shells, scheduler));
            closing.add(warmingUp::cancel);
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
            OutputLog output = output(configuration, closing, scheduler, meters);
            EngineEvents events = traced(configuration, closing, meters);
            Worker worker =
                    new Worker(source, fleet, configuration.engine(), scheduler, events, output);
            closing.add(() -> worker.close(Deadline.after(scheduler, LEAVE_TIMEOUT)));
            closing.add(health::stopping);
            // Meanwhile: what it needs to end takes as long as what the worker needs.
            closing.add(board.stop()::run);

            worker.start();
            metrics.watch(worker, fleet, source, scheduler);
            health.watch(worker, fleet, source, watch);
            web.serve(
                    ApiWiring.api(
                            configuration,
                            closing,
                            scheduler,
                            self,
                            board,
                            new WorkerMachines(worker, fleet, scheduler)));
            closing.add(ReadinessLog.start(health, scheduler));
            return new RunningWorker(web, health, worker.ended(), closing);
        } catch (RuntimeException | Error failure) {
            closing.close();
            throw failure;
        }
    }

    /** Of OpenTelemetry nothing is loaded unless somebody wants traces. */
    private static EngineEvents traced(
            Configuration configuration, Closing closing, EngineEvents events) {
        return configuration
                .tracing()
                .flatMap(settings -> JobTraces.begin(settings, Version.text()))
                .map(traces -> EngineEvents.both(events, closing.add(traces)))
                .orElse(events);
    }

    /** Closed after the worker, which has the last to say. */
    private static OutputLog output(
            Configuration configuration, Closing closing, Scheduler scheduler, Meters meters) {
        if (configuration.engine().logBytesMax() == 0) {
            return OutputLog.NONE;
        }
        return closing.add(
                new KafkaOutputLog(
                        configuration.kafka(),
                        scheduler,
                        meters,
                        new WatchedClients(meters.kafka())));
    }

    private static Logins logins(Configuration configuration, DerivedKeys keys) {
        return configuration
                .hosts()
                .map(hosts -> Logins.listed(hosts.logins()))
                .orElseGet(() -> Logins.planted(keys, configuration.ssh()));
    }

    private static Cloud cloud(
            Configuration configuration,
            SshShells shells,
            Scheduler scheduler,
            RandomGenerator random,
            FleetEvents events) {
        return configuration
                .hosts()
                .<Cloud>map(
                        hosts -> new HostsCloud(hosts.settings(), new SshClaims(shells), scheduler))
                .orElseGet(() -> new Ec2Cloud(configuration.ec2(), scheduler, random, events));
    }

    private static boolean warmUp(SshShells shells, Scheduler scheduler)
            throws InterruptedException {
        shells.warmUp(Deadline.after(scheduler, WARM_UP_TIMEOUT));
        return true;
    }
}
