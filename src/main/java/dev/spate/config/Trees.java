package dev.spate.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.job.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * YAML as JSON.
 *
 * @param name the file's
 * @param mistakes what cannot be is added to them
 */
record Trees(String name, List<String> mistakes) {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /**
     * What is directly below, by name.
     *
     * @param prefix the key of the mapping, with a dot; empty for the topmost
     */
    Map<String, JsonNode> children(String prefix, MappingNode mapping) {
        Map<String, JsonNode> children = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key) {
                children.put(key.getValue(), tree(prefix + key.getValue(), tuple.getValueNode()));
            }
        }
        return children;
    }

    private JsonNode tree(String key, Node node) {
        return switch (node) {
            case MappingNode mapping -> {
                ObjectNode object = JSON.objectNode();
                object.setAll(children(key + ".", mapping));
                yield object;
            }
            case SequenceNode sequence -> {
                var array = JSON.arrayNode();
                sequence.getValue().forEach(element -> array.add(tree(key, element)));
                yield array;
            }
            case ScalarNode scalar -> scalar(key, scalar);
            case Node _ -> JSON.nullNode();
        };
    }

    private JsonNode scalar(String key, ScalarNode scalar) {
        String value = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.BOOL)) {
            return flag(key, scalar);
        }
        if (tag.equals(Tag.INT) && value.matches("-?\\d{1,18}")) {
            return JSON.numberNode(Long.parseLong(value));
        }
        return tag.equals(Tag.NULL) ? JSON.nullNode() : JSON.textNode(value);
    }

    /** YAML 1.2 has two; the parser takes all of YAML 1.1's, where a country code is one. */
    private JsonNode flag(String key, ScalarNode scalar) {
        String value = scalar.getValue();
        boolean isTrue = value.equalsIgnoreCase("true");
        if (!isTrue && !value.equalsIgnoreCase("false")) {
            mistakes.add(
                    name
                            + ":"
                            + (scalar.getStartMark().getLine() + 1)
                            + ": "
                            + key
                            + ": expected true, false or a text in quotes, found "
                            + Text.quoted(value));
        }
        return JSON.booleanNode(isTrue);
    }
}
