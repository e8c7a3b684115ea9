package dev.spate.local;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The filters of a describe call: every filter must hold, and a filter holds if any of its values
 * does. Values may hold the wildcards {@code *} and {@code ?}.
 *
 * @param filters as given
 */
record Filters(List<Filter> filters) {

    /** One filter: a name and the patterns of which one must match. */
    record Filter(String name, List<Pattern> values) {}

    static Filters of(Form form) {
        return new Filters(
                form.items("Filter").stream()
                        .map(
                                item ->
                                        new Filter(
                                                item.required("Name"),
                                                item.texts("Value").stream()
                                                        .map(Filters::pattern)
                                                        .toList()))
                        .toList());
    }

    /**
     * Whether a thing passes.
     *
     * @param values what the thing has under a filter's name; empty if there is no such filter
     */
    boolean accept(Function<String, Optional<Collection<String>>> values) {
        return filters.stream()
                .allMatch(
                        filter ->
                                values
                                        .apply(filter.name())
                                        .orElseThrow(() -> unknown(filter.name()))
                                        .stream()
                                        .anyMatch(value -> matches(filter, value)));
    }

    private static boolean matches(Filter filter, String value) {
        return filter.values().stream().anyMatch(pattern -> pattern.matcher(value).matches());
    }

    private static ApiException unknown(String name) {
        return ApiException.client("InvalidParameterValue", "The filter '" + name + "' is invalid");
    }

    private static Pattern pattern(String wildcards) {
        StringBuilder regex = new StringBuilder();
        wildcards
                .chars()
                .forEach(
                        c -> {
                            switch (c) {
                                case '*' -> regex.append(".*");
                                case '?' -> regex.append('.');
                                default -> regex.append(Pattern.quote(Character.toString(c)));
                            }
                        });
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
