package dev.spate.lab;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * A heap snapshot in V8's form, as far as it is of interest.
 *
 * @param head says what is in the table
 * @param nodes a table of numbers, row after row
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
@JsonIgnoreProperties(ignoreUnknown = true)
record HeapSnapshot(@JsonProperty("snapshot") Head head, @JsonProperty("nodes") int[] nodes) {

    /**
     * What is not the page's own doing: machine code, of which the browser makes more or less of
     * the same scripts whenever it likes, and the browser's own objects.
     */
    private static final Set<String> NOT_SCRIPTS = Set.of("code", "native", "hidden", "synthetic");

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Head(@JsonProperty("meta") Meta meta) {}

    /**
     * What the numbers of a row mean.
     *
     * @param columns their names
     * @param types for each column the names of its values; only the first column's are a list
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Meta(
            @JsonProperty("node_fields") List<String> columns,
            @JsonProperty("node_types") List<Object> types) {}

    static HeapSnapshot parse(String json) throws IOException {
        return new JsonMapper().readValue(json, HeapSnapshot.class);
    }

    /** The bytes of what scripts hold: objects, arrays, functions and text. */
    long heldBytes() {
        List<String> columns = head.meta().columns();
        List<?> types = (List<?>) head.meta().types().getFirst();
        int type = columns.indexOf("type");
        int size = columns.indexOf("self_size");
        long held = 0;
        for (int row = 0; row < nodes.length; row += columns.size()) {
            if (!NOT_SCRIPTS.contains(String.valueOf(types.get(nodes[row + type])))) {
                held += nodes[row + size];
            }
        }
        return held;
    }
}
