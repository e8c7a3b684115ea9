package dev.spate.ec2;

import dev.spate.job.Launch;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** The tags by which the group knows what is its own. */
final class Tags {

    static final String GROUP = "spate:group";
    static final String SHARD = "spate:shard";
    static final String LAUNCH = "spate:launch";
    static final String EXPIRES = "spate:expires";
    static final String NAME = "Name";

    private Tags() {}

    /** What a launch's machines, and their disks, are tagged with from the moment they exist. */
    static List<TagSpecification> ofLaunch(Launch launch, Ec2Settings settings) {
        Map<String, String> tags = new TreeMap<>(settings.tags());
        tags.put(GROUP, settings.group());
        tags.put(SHARD, Integer.toString(launch.shard()));
        tags.put(LAUNCH, launch.token().value());
        tags.put(EXPIRES, launch.expiresAt().toString());
        tags.put(NAME, "spate-" + settings.group() + "-" + launch.shard());
        return List.of(on(ResourceType.INSTANCE, tags), on(ResourceType.VOLUME, tags));
    }

    /** Sorted: the same tags are always the same request. */
    static TagSpecification on(ResourceType resource, Map<String, String> tags) {
        List<Tag> list =
                new TreeMap<>(tags)
                        .entrySet().stream().map(tag -> tag(tag.getKey(), tag.getValue())).toList();
        return TagSpecification.builder().resourceType(resource).tags(list).build();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }
}
