package dev.spate.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.job.Spelling;
import dev.spate.job.Text;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A value in a message, and where it is. Every question it cannot answer as asked ends in a {@link
 * BadMessage} that says where, what was expected and what was found; or in a note of that, so that
 * the rest can be read, too.
 *
 * @param trail how to get there
 * @param mistakes where those of a message from outside are noted, by methods that say so; empty if
 *     Spate itself wrote it, and the first is one too many. Then text that is not well formed is
 *     mended: the message is there already, and to refuse it would help nobody
 */
record Place(Trail trail, JsonNode node, Optional<Mistakes> mistakes) {

    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /**
     * The way from the message to a value. Spelled out only when something is wrong: a journal has
     * millions of values, and all of them are right.
     */
    sealed interface Trail {

        record Root() implements Trail {}

        record Field(Trail above, String name) implements Trail {}

        record Element(Trail above, int index) implements Trail {}

        /** Such as {@code roles.client.machine.types[1]}; empty for the message itself. */
        default String path() {
            return switch (this) {
                case Root() -> "";
                case Field(Trail above, String name) -> {
                    String path = above.path();
                    if (!PLAIN_NAME.matcher(name).matches()) {
                        yield path + "[" + Text.quoted(name) + "]";
                    }
                    yield path.isEmpty() ? name : path + "." + name;
                }
                case Element(Trail above, int index) -> above.path() + "[" + index + "]";
            };
        }
    }

    /** A message from outside. */
    static Place root(JsonNode node, Mistakes mistakes) {
        return new Place(new Trail.Root(), node, Optional.of(mistakes));
    }

    /** A message that Spate itself wrote. */
    static Place ownRoot(JsonNode node) {
        return new Place(new Trail.Root(), node, Optional.empty());
    }

    /**
     * The same, known to be an object; other fields than these are noted. What Spate itself wrote
     * may have others, for it may be a newer one that did.
     *
     * @param known the names of the fields it may have
     */
    Place object(Set<String> known) {
        object();
        mistakes.ifPresent(
                all ->
                        node.fieldNames()
                                .forEachRemaining(
                                        name -> {
                                            if (!known.contains(name)) {
                                                all.add(
                                                        bad(
                                                                below(name),
                                                                () -> unknown(name, known)));
                                            }
                                        }));
        return this;
    }

    /** The same, known to be an object. */
    Place object() {
        if (!node.isObject()) {
            throw expected("an object");
        }
        return this;
    }

    /** The field of that name, if it is there. A null is there. */
    Optional<Place> field(String name) {
        JsonNode value = node.get(name);
        return value == null ? Optional.empty() : Optional.of(at(below(name), value));
    }

    /** The field of that name. */
    Place required(String name) {
        JsonNode value = node.get(name);
        if (value == null) {
            throw bad(below(name), () -> "expected a value, found none");
        }
        return at(below(name), value);
    }

    /**
     * What a field says, if it is there. If it says what it cannot, that is noted, and it is as if
     * it were not there.
     */
    <T> Optional<T> field(String name, Function<Place, T> reader) {
        return field(name).flatMap(value -> value.noting(reader));
    }

    /** What a field says. If it is not there, or says what it cannot, that is noted. */
    <T> Optional<T> required(String name, Function<Place, T> reader) {
        return noting(place -> reader.apply(place.required(name)));
    }

    /** What the elements of an array say. If one says what it cannot, that is noted. */
    <T> List<T> elements(Function<Place, T> reader) {
        return elements().stream().flatMap(element -> element.noting(reader).stream()).toList();
    }

    /** What it says. If it says what it cannot, that is noted. */
    <T> Optional<T> noting(Function<Place, T> reader) {
        return mistakes.isPresent()
                ? mistakes.get().noting(() -> reader.apply(this))
                : Optional.of(reader.apply(this));
    }

    /** Every field of an object whose names are the message's own. */
    List<Named> fields() {
        object();
        List<Named> fields = new ArrayList<>(node.size());
        node.properties()
                .forEach(
                        entry ->
                                fields.add(
                                        new Named(
                                                entry.getKey(),
                                                at(below(entry.getKey()), entry.getValue()))));
        return fields;
    }

    /** The elements of an array. */
    List<Place> elements() {
        if (!node.isArray()) {
            throw expected("an array");
        }
        List<Place> elements = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            elements.add(at(new Trail.Element(trail, i), node.get(i)));
        }
        return elements;
    }

    String text() {
        if (!node.isTextual()) {
            throw expected("text");
        }
        String text = node.textValue();
        if (mistakes.isEmpty()) {
            return Text.wellFormed(text);
        }
        if (!Text.isWellFormed(text)) {
            throw bad(trail, () -> "expected Unicode text, found half of a surrogate pair");
        }
        return text;
    }

    /** Text that means something: what the reader complains of is told with the place. */
    <T> T text(Function<String, T> reader) {
        String text = text();
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException wrong) {
            throw bad(trail, () -> withoutField(String.valueOf(wrong.getMessage())));
        }
    }

    boolean flag() {
        if (!node.isBoolean()) {
            throw expected("true or false");
        }
        return node.booleanValue();
    }

    int wholeNumber(int min, int max) {
        boolean isInt = node.isIntegralNumber() && node.canConvertToInt();
        if (!isInt || node.intValue() < min || node.intValue() > max) {
            throw expected("a whole number from " + min + " to " + max);
        }
        return node.intValue();
    }

    long longNumber() {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw expected("a whole number");
        }
        return node.longValue();
    }

    BigDecimal number() {
        if (!node.isNumber()) {
            throw expected("a number");
        }
        return node.decimalValue();
    }

    BadMessage expected(String what) {
        return bad(trail, () -> "expected " + what + ", found " + found());
    }

    private Place at(Trail elsewhere, JsonNode value) {
        return new Place(elsewhere, value, mistakes);
    }

    /**
     * Finds words only as long as they are told: a message can have a hundred thousand mistakes.
     */
    private BadMessage bad(Trail where, Supplier<String> complaint) {
        return mistakes.filter(Mistakes::isFull).isPresent()
                ? BadMessage.untold()
                : new BadMessage(where.path(), complaint.get());
    }

    private static String unknown(String name, Set<String> known) {
        return "unknown field" + Spelling.hint(name, known);
    }

    private Trail below(String name) {
        return new Trail.Field(trail, name);
    }

    /** Where it is, such as {@code roles.client.count}. */
    String path() {
        return trail.path();
    }

    private String found() {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "an array";
            case STRING -> Text.quoted(node.textValue());
            case NUMBER -> abbreviated(node.asText());
            case BOOLEAN -> node.asText();
            case NULL -> "null";
            case BINARY, POJO, MISSING -> "something else";
        };
    }

    private static String abbreviated(String number) {
        return number.length() <= 40 ? number : number.substring(0, 40) + "…";
    }

    /** Records name the field they complain of; here the path has named it already. */
    private static String withoutField(String complaint) {
        int colon = complaint.indexOf(": expected ");
        return colon > 0 && PLAIN_NAME.matcher(complaint.substring(0, colon)).matches()
                ? complaint.substring(colon + 2)
                : complaint;
    }

    /** A field whose name the message chose. */
    record Named(String name, Place place) {}
}
