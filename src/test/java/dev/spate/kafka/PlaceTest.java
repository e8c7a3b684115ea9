package dev.spate.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A message is read by the thread that polls, so a hostile one must not cost more than others. */
final class PlaceTest {

    private static final int MANY = 1_000;

    private final Mistakes mistakes = new Mistakes();

    @Test
    void looksForWhatWasMeantOnlyAsOftenAsItIsTold() {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < MANY; i++) {
            message.put("timeou" + i, 1);
        }
        Known known = new Known();

        Place.root(message, mistakes).object(known);

        assertThat(known.searches).isEqualTo(Mistakes.TOLD_MAX);
        assertThatThrownBy(mistakes::requireNone)
                .hasMessageContaining("timeou9: unknown field; did you mean timeout?")
                .hasMessageEndingWith("; and 990 more mistakes");
    }

    @Test
    void findsWordsOnlyForWhatIsTold() {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < MANY; i++) {
            array.add(i);
        }
        Place place = Place.root(array, mistakes);

        assertThat(place.elements(Place::text)).isEmpty();

        assertThat(place.expected("text")).hasMessage("more is wrong than can be told");
        assertThatThrownBy(mistakes::requireNone)
                .hasMessageStartingWith("[0]: expected text, found 0; [1]: ")
                .hasMessageEndingWith("[9]: expected text, found 9; and 990 more mistakes");
    }

    /** One name, and how often somebody has gone through all names. */
    private static final class Known extends AbstractSet<String> {

        private int searches;

        @Override
        public boolean contains(Object name) {
            return name.equals("timeout");
        }

        @Override
        public Iterator<String> iterator() {
            searches++;
            return List.of("timeout").iterator();
        }

        @Override
        public int size() {
            return 1;
        }
    }
}
