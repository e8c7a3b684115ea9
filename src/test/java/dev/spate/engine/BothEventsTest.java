package dev.spate.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BothEventsTest {

    @Test
    void hasNothingLeftToDefaults() throws Exception {
        List<Method> events =
                Arrays.stream(EngineEvents.class.getDeclaredMethods())
                        .filter(method -> !Modifier.isStatic(method.getModifiers()))
                        .toList();

        for (Method event : events) {
            assertThat(
                            BothEvents.class
                                    .getMethod(event.getName(), event.getParameterTypes())
                                    .getDeclaringClass())
                    .as(event.getName())
                    .isEqualTo(BothEvents.class);
        }
    }
}
