package dev.spate.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.job.Spelling;
import dev.spate.job.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where values come from, the environment first; and what was asked of it, and what was wrong. */
final class Sources {

    private final Environment environment;
    private final YamlFile file;
    private final List<String> mistakes;
    private final Map<String, String> declared = new LinkedHashMap<>();
    private final Map<String, String> places = new HashMap<>();
    private final Set<String> open = new HashSet<>();
    private final Set<String> openVariables = new HashSet<>();

    /** The mistakes may have some in them already. */
    Sources(Environment environment, YamlFile file, List<String> mistakes) {
        this.environment = environment;
        this.file = file;
        this.mistakes = new ArrayList<>(mistakes);
    }

    /** Declares a key with its default, as it is written, and finds its value. */
    Optional<Found> find(String key, String otherwise) {
        declared.put(key, otherwise);
        Optional<Found> found = environment.find(key, mistakes).or(() -> file.find(key));
        found.ifPresent(value -> places.put(key, value.place()));
        return found;
    }

    /** Declares a key below which every key is allowed, and finds what is there. */
    Map<String, Found> below(String key) {
        open.add(key);
        openVariables.add(Environment.variable(key) + "_");
        Map<String, Found> below = new TreeMap<>(file.below(key));
        below.putAll(environment.below(key, mistakes));
        return below;
    }

    /**
     * Declares a key below which names are the user's, and finds what is there: all of it from the
     * variable if it is set.
     */
    Map<String, Found> entries(String key) {
        open.add(key);
        declared.put(key, "");
        Map<String, Found> entries =
                environment.find(key, mistakes).map(this::entries).orElseGet(() -> file.below(key));
        // For what is wrong with all of them together.
        entries.values().stream().findAny().ifPresent(some -> places.put(key, some.place()));
        entries.forEach((name, found) -> places.put(key + "." + name, found.place()));
        return entries;
    }

    private Map<String, Found> entries(Found written) {
        Map<String, Found> entries = new TreeMap<>();
        for (String entry : written.text().split(",", -1)) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                entries.put(
                        entry.substring(0, equals).strip(),
                        new Found(entry.substring(equals + 1).strip(), written.place()));
            } else if (!entry.isBlank()) {
                mistakes.add(
                        written.place()
                                + ": expected name=value, separated by commas, found "
                                + Text.quoted(entry));
            }
        }
        return entries;
    }

    /** Declares a key below which there are trees with names of the user's, and finds them. */
    Map<String, JsonNode> trees(String key) {
        open.add(key);
        declared.put(key, "");
        Optional<Found> variable = environment.find(key, mistakes);
        Map<String, JsonNode> trees =
                variable.map(
                                written ->
                                        YamlFile.parse(written.place(), written.text(), mistakes)
                                                .trees(mistakes))
                        .orElseGet(() -> file.trees(key, mistakes));
        for (String name : trees.keySet()) {
            String below = key + "." + name;
            places.put(below, variable.map(Found::place).orElseGet(() -> file.place(below)));
        }
        return trees;
    }

    void mistake(String key, String what) {
        mistake(places.getOrDefault(key, ""), key, what);
    }

    void mistake(String place, String key, @Nullable String what) {
        mistakes.add((place.isEmpty() ? "" : place + ": ") + key + ": " + what);
    }

    /** Every key that was asked for, with its default as it is written; in the order of asking. */
    Map<String, String> declared() {
        return declared;
    }

    /** Everything that is wrong, keys that nobody asked for included. */
    List<String> mistakes() {
        List<String> all = new ArrayList<>(mistakes);
        Set<String> known = withParents(declared.keySet());
        for (String key : file.keys()) {
            // What is below an unknown key needs no line of its own.
            if (!isKnown(key) && (parent(key).isEmpty() || isKnown(parent(key)))) {
                all.add(file.place(key) + ": " + key + ": no such key" + Spelling.hint(key, known));
            }
        }
        Set<String> variables = new HashSet<>();
        declared.keySet().forEach(key -> variables.add(Environment.variable(key)));
        for (String variable : environment.names()) {
            if (!variables.contains(variable)
                    && !variables.contains(Environment.withoutFile(variable))
                    && openVariables.stream().noneMatch(variable::startsWith)) {
                all.add(variable + ": no such variable" + Spelling.hint(variable, variables));
            }
        }
        // A key may have been read more than once.
        return all.stream().distinct().toList();
    }

    private static Set<String> withParents(Set<String> keys) {
        Set<String> all = new HashSet<>(keys);
        for (String key : keys) {
            for (String parent = parent(key); !parent.isEmpty(); parent = parent(parent)) {
                all.add(parent);
            }
        }
        return all;
    }

    private static String parent(String key) {
        int dot = key.lastIndexOf('.');
        return dot < 0 ? "" : key.substring(0, dot);
    }

    private boolean isKnown(String key) {
        boolean isParent =
                file.hasKeysBelow(key)
                        && declared.keySet().stream()
                                .anyMatch(known -> known.startsWith(key + "."));
        return declared.containsKey(key)
                || isParent
                || open.stream()
                        .anyMatch(
                                known ->
                                        key.equals(known)
                                                || key.startsWith(known + ".")
                                                || (file.hasKeysBelow(key)
                                                        && known.startsWith(key + ".")));
    }
}
