package dev.spate.local;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The parameters of an EC2 Query call. Lists are numbered from 1 ({@code InstanceId.1}), structures
 * dotted ({@code Placement.AvailabilityZone}); {@link #items} and {@link #under} take them apart.
 *
 * @param values by full name, sorted
 */
record Form(NavigableMap<String, String> values) {

    /** Of {@code application/x-www-form-urlencoded}; of a parameter given twice the last counts. */
    static Form parse(String body) {
        NavigableMap<String, String> values = new TreeMap<>();
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return new Form(values);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiException.client("MalformedQueryString", "Not form-encoded: " + text);
        }
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    String required(String name) {
        return text(name).orElseThrow(() -> ApiException.missing(name));
    }

    int number(String name, int otherwise) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            return Integer.parseInt(text.get());
        } catch (NumberFormatException e) {
            throw ApiException.invalid(name, text.get());
        }
    }

    boolean flag(String name) {
        return text(name).map(text -> text.toLowerCase(Locale.ROOT).equals("true")).orElse(false);
    }

    /** The parameters that begin with {@code name.}, without that beginning. */
    Form under(String name) {
        String prefix = name + ".";
        NavigableMap<String, String> inside = new TreeMap<>();
        for (Map.Entry<String, String> entry : values.tailMap(prefix, true).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                break;
            }
            inside.put(entry.getKey().substring(prefix.length()), entry.getValue());
        }
        return new Form(inside);
    }

    /** The structures {@code name.1}, {@code name.2}, …, to the first gap. */
    List<Form> items(String name) {
        List<Form> items = new ArrayList<>();
        for (int i = 1; ; i++) {
            Form item = under(name + "." + i);
            if (item.values.isEmpty()) {
                return items;
            }
            items.add(item);
        }
    }

    /** The texts {@code name.1}, {@code name.2}, …, to the first gap. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (int i = 1; ; i++) {
            String text = values.get(name + "." + i);
            if (text == null) {
                return texts;
            }
            texts.add(text);
        }
    }

    /** Without some parameters: what is left is what a token stands for. */
    Form without(String... names) {
        NavigableMap<String, String> rest = new TreeMap<>(values);
        for (String name : names) {
            rest.remove(name);
        }
        return new Form(rest);
    }
}
