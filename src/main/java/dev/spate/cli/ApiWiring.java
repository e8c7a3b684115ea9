package dev.spate.cli;

import dev.spate.async.Scheduler;
import dev.spate.board.Peer;
import dev.spate.config.Configuration;
import dev.spate.kafka.JobMessages;
import dev.spate.web.Api;

/** How what is told over HTTP is put together. */
final class ApiWiring {

    private ApiWiring() {}

    /** Returns at once: nothing is connected before somebody asks. */
    static Api api(
            Configuration configuration,
            Closing closing,
            Scheduler scheduler,
            Peer own,
            BoardWiring board,
            WorkerMachines machines) {
        JobMessages messages = new JobMessages(configuration.profiles(), configuration.limits());
        return new Api(
                new Api.About(configuration.group(), Version.text(), own, scheduler.now()),
                board.board(),
                board.changes(),
                machines::rows,
                new KafkaOutput(configuration.kafka(), scheduler),
                closing.add(new PublishedJobs(configuration.kafka(), messages)));
    }
}
