package dev.spate.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Where values come from, the environment first; and what was asked of it, and what was wrong. */
final class Sources {

    private final Environment environment;
    private final YamlFile file;
    private final List<String> mistakes;
    private final Map<String, String> declared = new LinkedHashMap<>();
    private final Map<String, String> places = new HashMap<>();
    private final Set<String> open = new HashSet<>();

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
        Map<String, Found> below = new TreeMap<>(file.below(key));
        below.putAll(environment.below(key));
        return below;
    }

    /** Declares a key below which there is a tree, and finds it. */
    ObjectNode tree(String key) {
        open.add(key);
        return file.tree(key);
    }

    void mistake(String key, String what) {
        String place = places.get(key);
        mistakes.add((place == null ? "" : place + ": ") + key + ": " + what);
    }

    /** Every key that was asked for, with its default as it is written; in the order of asking. */
    Map<String, String> declared() {
        return declared;
    }

    /** Everything that is wrong, keys that nobody asked for included. */
    List<String> mistakes() {
        List<String> all = new ArrayList<>(mistakes);
        for (String key : file.keys()) {
            if (!isKnown(key)) {
                all.add(
                        file.place(key)
                                + ": "
                                + key
                                + ": no such key"
                                + Spelling.hint(key, declared.keySet()));
            }
        }
        Set<String> variables = new HashSet<>();
        declared.keySet().forEach(key -> variables.add(Environment.variable(key)));
        for (String variable : environment.names()) {
            if (!variables.contains(variable)
                    && !variables.contains(Environment.withoutFile(variable))
                    && open.stream()
                            .noneMatch(key -> variable.startsWith(Environment.variable(key)))) {
                all.add(variable + ": no such variable" + Spelling.hint(variable, variables));
            }
        }
        return all;
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
