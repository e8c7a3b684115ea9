package dev.spate.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FormTest {

    @Test
    void readsListsAndStructures() {
        Form form =
                Form.parse("InstanceId.1=i-1&InstanceId.2=i-2&Tag.1.Key=a+b&Tag.1.Value=%C3%BC");

        assertThat(form.texts("InstanceId")).containsExactly("i-1", "i-2");
        assertThat(form.items("Tag").getFirst().required("Key")).isEqualTo("a b");
        assertThat(LaunchRequest.tags(form)).containsEntry("a b", "ü");
    }

    @Test
    void namesTheParameterThatIsMissingOrNoNumber() {
        Form form = Form.parse("MaxCount=many");

        assertThatThrownBy(() -> form.required("ImageId")).hasMessageContaining("ImageId");
        assertThatThrownBy(() -> form.number("MaxCount", 1)).hasMessageContaining("many");
    }

    @Test
    void everyFilterMustHoldAndAnyOfItsValuesMay() {
        Filters filters =
                Filters.of(
                        Form.parse(
                                "Filter.1.Name=name&Filter.1.Value.1=ubuntu-*-24.0?&Filter.1.Value.2=x"
                                        + "&Filter.2.Name=state&Filter.2.Value.1=available"));

        assertThat(filters.accept(name -> values(name, "ubuntu-noble-24.04", "available")))
                .isTrue();
        assertThat(filters.accept(name -> values(name, "x", "available"))).isTrue();
        assertThat(filters.accept(name -> values(name, "x", "pending"))).isFalse();
        assertThat(filters.accept(name -> values(name, "ubuntu.noble.24.04", "available")))
                .isFalse();
        assertThatThrownBy(() -> filters.accept(name -> Optional.empty()))
                .hasMessageContaining("name");
    }

    private static Optional<Collection<String>> values(String filter, String name, String state) {
        return Optional.of(List.of(filter.equals("name") ? name : state));
    }
}
