package dev.spate.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.job.Text;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Values from a YAML file. Nested keys are joined with dots, a list's elements with commas; a value
 * that is left empty counts as not set.
 */
final class YamlFile {

    /** No file. */
    static final YamlFile NONE = new YamlFile("", Map.of(), Optional.empty());

    private final String name;
    private final Map<String, Entry> entries;
    private final Optional<MappingNode> root;

    /** A value, and the line its key is in. */
    private record Entry(int line, Node value) {}

    private YamlFile(String name, Map<String, Entry> entries, Optional<MappingNode> root) {
        this.name = name;
        this.entries = entries;
        this.root = root;
    }

    /** Reads a file; what is wrong with it as YAML is added to the mistakes. */
    static YamlFile read(Path file, List<String> mistakes) {
        try {
            return parse(file.toString(), Files.readString(file), mistakes);
        } catch (NoSuchFileException missing) {
            mistakes.add(file + ": expected a configuration file, found nothing");
        } catch (IOException unreadable) {
            mistakes.add(file + ": expected a readable text file, found none");
        }
        return NONE;
    }

    static YamlFile parse(String name, String text, List<String> mistakes) {
        try {
            Node root =
                    new Yaml(new SafeConstructor(new LoaderOptions()))
                            .compose(new StringReader(text));
            Map<String, Entry> entries = new LinkedHashMap<>();
            if (root instanceof MappingNode mapping) {
                flatten("", mapping, entries, name, mistakes);
                return new YamlFile(name, entries, Optional.of(mapping));
            }
            if (root != null) {
                mistakes.add(name + ":1: expected keys and values, found something else");
            }
            return NONE;
        } catch (MarkedYAMLException malformed) {
            int line =
                    malformed.getProblemMark() == null
                            ? 1
                            : malformed.getProblemMark().getLine() + 1;
            mistakes.add(
                    name
                            + ":"
                            + line
                            + ": expected YAML, found that "
                            + Text.oneLine(String.valueOf(malformed.getProblem())));
        } catch (ReaderException unreadable) {
            mistakes.add(
                    "%s: expected text, found the control character 0x%02x after %d others"
                            .formatted(name, unreadable.getCodePoint(), unreadable.getPosition()));
        } catch (YAMLException other) {
            mistakes.add(
                    name
                            + ": expected YAML, found that "
                            + Text.oneLine(String.valueOf(other.getMessage())));
        }
        return NONE;
    }

    Optional<Found> find(String key) {
        return Optional.ofNullable(entries.get(key))
                .flatMap(entry -> text(entry.value()))
                .map(text -> new Found(text, place(key)));
    }

    /** The values below a key whose own keys are somebody else's. */
    Map<String, Found> below(String key) {
        Map<String, Found> below = new TreeMap<>();
        String prefix = key + ".";
        for (String name : entries.keySet()) {
            if (name.startsWith(prefix)) {
                find(name).ifPresent(found -> below.put(name.substring(prefix.length()), found));
            }
        }
        return below;
    }

    /** The trees directly below a key, by name. */
    Map<String, JsonNode> trees(String key, List<String> mistakes) {
        Entry entry = entries.get(key);
        return entry != null && entry.value() instanceof MappingNode mapping
                ? new Trees(name, mistakes).children(key + ".", mapping)
                : Map.of();
    }

    /** The topmost trees, by name. */
    Map<String, JsonNode> trees(List<String> mistakes) {
        return root.map(mapping -> new Trees(name, mistakes).children("", mapping))
                .orElse(Map.of());
    }

    /** Every key in the file, those with further keys below them included. */
    Set<String> keys() {
        return entries.keySet();
    }

    boolean hasKeysBelow(String key) {
        Entry entry = entries.get(key);
        return entry != null && entry.value() instanceof MappingNode;
    }

    /** File and line of a key. */
    String place(String key) {
        Entry entry = entries.get(key);
        return entry == null ? name : name + ":" + entry.line();
    }

    private static void flatten(
            String prefix,
            MappingNode mapping,
            Map<String, Entry> entries,
            String name,
            List<String> mistakes) {
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
                continue;
            }
            String key = prefix + scalar.getValue();
            int line = scalar.getStartMark().getLine() + 1;
            if (entries.put(key, new Entry(line, tuple.getValueNode())) != null) {
                mistakes.add(name + ":" + line + ": " + key + ": expected once, found again");
            }
            if (tuple.getValueNode() instanceof MappingNode below) {
                flatten(key + ".", below, entries, name, mistakes);
            }
        }
    }

    private static Optional<String> text(Node node) {
        return switch (node) {
            case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> Optional.empty();
            case ScalarNode scalar -> Optional.of(scalar.getValue());
            case SequenceNode sequence ->
                    Optional.of(
                            sequence.getValue().stream()
                                    .flatMap(element -> text(element).stream())
                                    .collect(Collectors.joining(",")));
            case Node _ -> Optional.empty();
        };
    }
}
