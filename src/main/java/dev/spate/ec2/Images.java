package dev.spate.ec2;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.DescribeImagesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeImagesResponse;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.ImageState;

/**
 * Images by id or by name. Asked for by filter, because one unknown id would fail the others' call.
 */
final class Images {

    /** New images come out daily at most. */
    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(10);

    private static final String ID_PREFIX = "ami-";
    private static final int PAGE_SIZE = 1_000;

    private final Ec2Api api;
    private final Map<String, ImageName> names;
    private final Memory<Image> byId;
    private final Memory<String> byName;

    Images(Ec2Settings settings, Ec2Api api, Scheduler scheduler) {
        this.api = api;
        Map<String, ImageName> all = new HashMap<>(ImageName.WELL_KNOWN);
        all.putAll(settings.images());
        this.names = Map.copyOf(all);
        this.byId = new Memory<>(scheduler, TIME_TO_LIVE, this::askById);
        this.byName = new Memory<>(scheduler, TIME_TO_LIVE, this::askByName);
    }

    /** The ids of the images by what they were asked for; unknown ones are missing. */
    Answer<Map<String, String>> ids(Set<String> asked, Deadline deadline)
            throws InterruptedException {
        Set<String> ids = asked.stream().filter(Images::isId).collect(Collectors.toSet());
        Set<String> known = asked.stream().filter(names::containsKey).collect(Collectors.toSet());
        return switch (byId.get(ids, deadline)) {
            case Answer.Failed<Map<String, Image>> failed -> failed.as();
            case Answer.Ok<Map<String, Image>>(Map<String, Image> images) ->
                    byName.get(known, deadline)
                            .map(
                                    found -> {
                                        Map<String, String> all = new HashMap<>(found);
                                        images.keySet().forEach(id -> all.put(id, id));
                                        return all;
                                    });
        };
    }

    /** The name of an image's root disk, such as {@code /dev/sda1}. */
    Answer<String> rootDevice(String id, Deadline deadline) throws InterruptedException {
        return switch (byId.get(Set.of(id), deadline)) {
            case Answer.Failed<Map<String, Image>> failed -> failed.as();
            case Answer.Ok<Map<String, Image>>(Map<String, Image> images) -> {
                Image image = images.get(id);
                yield image == null || image.rootDeviceName() == null
                        ? Answer.failed(
                                Failure.Kind.INVALID,
                                "image " + id + ": unknown, or without a root disk")
                        : Answer.ok(image.rootDeviceName());
            }
        };
    }

    private static boolean isId(String text) {
        return text.startsWith(ID_PREFIX);
    }

    private Answer<Map<String, Image>> askById(Set<String> ids, Deadline deadline)
            throws InterruptedException {
        Map<String, Image> found = new HashMap<>();
        for (List<String> part : Instances.parts(ids, Instances.FILTER_VALUES_MAX)) {
            var request =
                    DescribeImagesRequest.builder()
                            .filters(
                                    Instances.filter("image-id", part),
                                    Instances.filter("state", List.of("available")));
            switch (ask(request, deadline)) {
                case Answer.Failed<List<Image>> failed -> {
                    return failed.as();
                }
                case Answer.Ok<List<Image>>(List<Image> images) ->
                        images.forEach(image -> found.put(image.imageId(), image));
            }
        }
        return Answer.ok(found);
    }

    private Answer<Map<String, String>> askByName(Set<String> asked, Deadline deadline)
            throws InterruptedException {
        Map<String, ImageName> wanted = new HashMap<>(names);
        wanted.keySet().retainAll(asked);
        var request =
                DescribeImagesRequest.builder()
                        .owners(
                                wanted.values().stream()
                                        .map(ImageName::owner)
                                        .distinct()
                                        .sorted()
                                        .toList())
                        .filters(
                                Instances.filter(
                                        "name",
                                        wanted.values().stream()
                                                .map(ImageName::pattern)
                                                .distinct()
                                                .sorted()
                                                .toList()),
                                Instances.filter("state", List.of("available")));
        return ask(request, deadline)
                .map(
                        images -> {
                            Map<String, String> found = new HashMap<>();
                            wanted.forEach(
                                    (name, stands) ->
                                            newest(stands, images)
                                                    .ifPresent(
                                                            image ->
                                                                    found.put(
                                                                            name,
                                                                            image.imageId())));
                            return found;
                        });
    }

    /** The newest of the images a name stands for. Checks the owner, whatever EC2 was asked. */
    static Optional<Image> newest(ImageName name, List<Image> images) {
        return images.stream()
                .filter(image -> image.state() == ImageState.AVAILABLE)
                .filter(image -> name.matches(image.ownerId(), image.name()))
                .max(
                        Comparator.comparing(Image::creationDate)
                                // Two workers must choose the same of two that are equally new.
                                .thenComparing(Image::imageId));
    }

    private Answer<List<Image>> ask(DescribeImagesRequest.Builder request, Deadline deadline)
            throws InterruptedException {
        request.maxResults(PAGE_SIZE);
        return new Pages<>(
                        Ec2Action.DESCRIBE_IMAGES,
                        (client, token) -> client.describeImages(request.nextToken(token).build()),
                        DescribeImagesResponse::images,
                        DescribeImagesResponse::nextToken)
                .read(api, deadline)
                .map(Function.identity());
    }
}
