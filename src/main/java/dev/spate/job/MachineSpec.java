package dev.spate.job;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What kind of machine a role needs. Equal specs can share a launch and, one after the other, a
 * machine.
 *
 * @param image an image id ({@code ami-…}) or a well-known name such as {@code ubuntu-24.04}
 * @param types acceptable machine types, most wanted first; 1 to 20
 * @param market {@link Market#SPOT} means spot first, then on demand; {@link Market#ON_DEMAND}
 *     means on demand only
 * @param region the region the machine must be in; empty means the worker's own
 * @param disk size of the root disk; empty means the image's own
 */
public record MachineSpec(
        String image,
        List<String> types,
        Market market,
        Optional<String> region,
        Optional<ByteSize> disk) {

    private static final int TYPES_MAX = 20;
    private static final ByteSize DISK_MAX = ByteSize.ofGiB(16_384);
    private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/*-]{0,127}");
    private static final Pattern TYPE =
            Pattern.compile("[a-z0-9][a-z0-9-]{0,30}\\.[a-z0-9-]{1,30}");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");

    public MachineSpec {
        types = List.copyOf(types);
        requireMatch("image", image, IMAGE, "an image id or name");
        if (types.isEmpty() || types.size() > TYPES_MAX) {
            throw new IllegalArgumentException(
                    "types: expected 1 to " + TYPES_MAX + ", found " + types.size());
        }
        types.forEach(
                type -> requireMatch("types", type, TYPE, "a machine type such as c7i.large"));
        region.ifPresent(
                name -> requireMatch("region", name, REGION, "a region such as eu-west-1"));
        if (disk.isPresent() && (disk.get().bytes() < 1 || disk.get().compareTo(DISK_MAX) > 0)) {
            throw new IllegalArgumentException(
                    "disk: expected 1B to " + DISK_MAX + ", found " + disk.get());
        }
    }

    private static void requireMatch(String field, String value, Pattern pattern, String expected) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    field + ": expected " + expected + ", found " + Text.quoted(value));
        }
    }
}
