package dev.spate.ec2;

import dev.spate.async.Deadline;
import dev.spate.async.Join;
import dev.spate.async.Scheduler;
import dev.spate.fleet.Catalog;
import dev.spate.fleet.Cloud;
import dev.spate.fleet.FleetEvents;
import dev.spate.fleet.Machine;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.Launch;
import dev.spate.job.MachineId;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.ec2.model.GetConsoleOutputResponse;
import software.amazon.awssdk.services.ec2.model.Instance;

/**
 * Machines on EC2, in one region.
 *
 * <p>Only ever changes machines by id, or by a launch's token; only machines whose {@code
 * spate:group} tag is this group's carry a token, a shard and a lease.
 *
 * <p>Images and types are looked up once for many jobs and remembered: an image's name for ten
 * minutes, a type for an hour, a spot price for five minutes. Whether the image's architecture is
 * the type's is not checked here: EC2 refuses such a launch, which is INVALID.
 *
 * <p>Credentials that are missing, expired or not sufficient are INFRASTRUCTURE; the next call
 * finds new ones by itself.
 */
public final class Ec2Cloud implements Cloud {

    private static final int CONSOLE_CHARS_MAX = 16_384;

    private final Ec2Settings settings;
    private final Scheduler scheduler;
    private final Ec2Api api;
    private final MachineView view;
    private final Instances instances;
    private final Images images;
    private final MachineTypes types;
    private final Launches launches;
    private final Terminations terminations;

    /**
     * Begins to build the SDK's client in the background and returns at once; calls wait for it.
     *
     * @param random for the pauses between tries; safe for several threads
     */
    public Ec2Cloud(
            Ec2Settings settings, Scheduler scheduler, RandomGenerator random, FleetEvents events) {
        this.settings = settings;
        this.scheduler = scheduler;
        this.api = new Ec2Api(settings, scheduler, random, events);
        this.view = new MachineView(settings.group(), settings.network().address());
        this.instances = new Instances(api, settings.group());
        this.images = new Images(settings, api, scheduler);
        this.types = new MachineTypes(api, scheduler);
        this.launches = new Launches(settings, api, scheduler, images, instances, view);
        this.terminations = new Terminations(api);
    }

    @Override
    public Answer<Catalog> catalog(Set<String> images, Set<String> types, Deadline deadline)
            throws InterruptedException {
        return switch (api.region(deadline)) {
            case Reply.Refused<String> refused -> refused.answer();
            case Reply.Ok<String>(String region) -> catalog(region, images, types, deadline);
        };
    }

    @Override
    public Answer<List<Machine>> launch(Launch launch, String userData, Deadline deadline)
            throws InterruptedException {
        Optional<String> elsewhere = launch.spec().region();
        if (elsewhere.isPresent()) {
            switch (api.region(deadline)) {
                case Reply.Refused<String> refused -> {
                    return refused.answer();
                }
                case Reply.Ok<String>(String here) -> {
                    if (!here.equals(elsewhere.get())) {
                        return Answer.failed(
                                Failure.Kind.INVALID,
                                "region: expected %s, found %s".formatted(here, elsewhere.get()));
                    }
                }
            }
        }
        return launches.launch(launch, userData, deadline);
    }

    @Override
    public Answer<List<Machine>> describe(Set<MachineId> ids, Deadline deadline)
            throws InterruptedException {
        requireFew(ids);
        return instances.byId(ids, deadline).map(this::machines);
    }

    @Override
    public Answer<List<Machine>> list(Deadline deadline) throws InterruptedException {
        return instances.ofGroup(deadline).map(this::machines);
    }

    @Override
    public Answer<Map<MachineId, Failure>> terminate(Set<MachineId> ids, Deadline deadline)
            throws InterruptedException {
        requireFew(ids);
        return terminations.terminate(ids, deadline);
    }

    @Override
    public Answer<String> console(MachineId id, Deadline deadline) throws InterruptedException {
        return api.call(
                        Ec2Action.GET_CONSOLE_OUTPUT,
                        deadline,
                        client ->
                                client.getConsoleOutput(request -> request.instanceId(id.value())))
                .map(Ec2Cloud::tail);
    }

    /** Closes the connections to EC2. Calls under way fail; machines are left alone. */
    @Override
    public void close() {
        api.close();
    }

    /** Asks for images and types at the same time. */
    private Answer<Catalog> catalog(
            String region, Set<String> imageNames, Set<String> typeNames, Deadline deadline)
            throws InterruptedException {
        var ids = scheduler.start("ec2-images", () -> images.ids(imageNames, deadline));
        var offers = scheduler.start("ec2-types", () -> offers(typeNames, deadline));
        CompletableFuture<Answer<Catalog>> both =
                Join.of(ids.result(), offers.result())
                        .map((found, offered) -> catalog(region, found, offered));
        try {
            return scheduler.await(both, deadline);
        } catch (TimeoutException | CancellationException late) {
            return Answer.failed(
                    Failure.Kind.INFRASTRUCTURE, "EC2 did not tell its images and types in time");
        } catch (ExecutionException bug) {
            throw new IllegalStateException("a look-up failed", bug.getCause());
        } finally {
            ids.cancel();
            offers.cancel();
        }
    }

    private static Answer<Catalog> catalog(
            String region,
            Answer<Map<String, String>> images,
            Answer<Map<String, Catalog.MachineType>> types) {
        return switch (images) {
            case Answer.Failed<Map<String, String>> failed -> failed.as();
            case Answer.Ok<Map<String, String>>(Map<String, String> ids) ->
                    types.map(offers -> new Catalog(ids, offers, region));
        };
    }

    private Answer<Map<String, Catalog.MachineType>> offers(Set<String> names, Deadline deadline)
            throws InterruptedException {
        return switch (types.known(names, deadline)) {
            case Answer.Failed<Set<String>> failed -> failed.as();
            case Answer.Ok<Set<String>>(Set<String> known) -> {
                Map<String, BigDecimal> spot = types.spotUsdPerHour(known, deadline);
                Map<String, Catalog.MachineType> offers = new HashMap<>();
                for (String name : known) {
                    offers.put(
                            name,
                            new Catalog.MachineType(
                                    Optional.ofNullable(settings.onDemandUsdPerHour().get(name)),
                                    Optional.ofNullable(spot.get(name))));
                }
                yield Answer.ok(offers);
            }
        };
    }

    private List<Machine> machines(List<Instance> found) {
        return found.stream().map(view::machine).toList();
    }

    private static String tail(GetConsoleOutputResponse response) {
        if (response.output() == null) {
            return "";
        }
        String text =
                new String(
                        Base64.getMimeDecoder().decode(response.output()), StandardCharsets.UTF_8);
        return text.substring(Math.max(0, text.length() - CONSOLE_CHARS_MAX));
    }

    private static void requireFew(Set<MachineId> ids) {
        if (ids.size() > IDS_MAX) {
            throw new IllegalArgumentException(
                    "ids: expected at most " + IDS_MAX + ", found " + ids.size());
        }
    }
}
