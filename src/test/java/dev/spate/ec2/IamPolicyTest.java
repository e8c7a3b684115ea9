package dev.spate.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class IamPolicyTest {

    @Test
    void allowsEveryActionThatIsCalledAndNoOther() throws IOException {
        Set<String> called = new TreeSet<>();
        Arrays.stream(Ec2Action.values()).forEach(action -> called.add("ec2:" + action.word()));
        // Not called, but asked for by EC2 when something is made with tags on it.
        called.add("ec2:CreateTags");

        assertThat(allowed()).isEqualTo(called);
    }

    @Test
    void letsNothingBeChangedWithoutACondition() throws IOException {
        for (JsonNode statement : policy().get("Statement")) {
            String sid = statement.get("Sid").asText();
            boolean isReading = sid.startsWith("Look");
            boolean isIngredient = Set.of("LaunchFrom", "MakeItIn").contains(sid);
            assertThat(statement.has("Condition")).as(sid).isEqualTo(!isReading && !isIngredient);
        }
    }

    private static Set<String> allowed() throws IOException {
        Set<String> allowed = new TreeSet<>();
        for (JsonNode statement : policy().get("Statement")) {
            assertThat(statement.get("Effect").asText()).isEqualTo("Allow");
            statement.get("Action").forEach(action -> allowed.add(action.asText()));
        }
        return allowed;
    }

    private static JsonNode policy() throws IOException {
        return new ObjectMapper().readTree(Files.readString(Path.of("config/iam-policy.json")));
    }
}
