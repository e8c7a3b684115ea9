package dev.spate.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message as it came, kept so that it can be rejected whole. The arrays are not copied: nobody
 * changes them.
 *
 * @param key the record's key, or null
 * @param value the record's value, or null
 * @param headers the record's headers, in order
 */
@SuppressWarnings(
        "ArrayRecordComponent") // compared by nobody; copied by nobody, for it may be large
public record RawMessage(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {

    /** One header. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Header(String name, byte @Nullable [] value) {}
}
