package dev.spate.kafka;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.job.Captured;
import dev.spate.job.Failure;
import dev.spate.job.JobResult;
import dev.spate.job.MemberResult;
import dev.spate.job.OutputFile;
import dev.spate.job.Phase;
import dev.spate.job.Text;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Result messages: what {@code config/result.schema.json} describes. */
public final class Results {

    private static final int TEXT_LENGTH_MAX = 1 << 20;

    private Results() {}

    /** A result in full. */
    public static byte[] encode(JobResult result) {
        return Json.write(write(result, new Room(TEXT_LENGTH_MAX, Integer.MAX_VALUE)));
    }

    /**
     * A result in at most so many bytes. What does not fit is cut, the same for every member: first
     * heads and tails of the streams, then lists of outputs. How much there was is always told.
     *
     * @param bytesMax at least 128 KiB, which the rest of any result fits in
     */
    public static byte[] encode(JobResult result, int bytesMax) {
        byte[] whole = encode(result);
        Room room = new Room(longestText(result), mostOutputs(result));
        while (whole.length > bytesMax && room.isAny()) {
            room = room.less();
            whole = Json.write(write(result, room));
        }
        return whole;
    }

    private static ObjectNode write(JobResult result, Room room) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", result.id().value());
        json.put("attempt", result.attempt());
        json.put("outcome", result.outcome().word());
        result.exitCode().ifPresent(code -> json.put("exitCode", code));
        result.error().ifPresent(error -> json.set("error", write(error)));
        ArrayNode members = json.putArray("members");
        result.members().forEach(member -> members.add(write(member, room)));
        json.set("phases", write(result.phases()));
        json.put("machineSeconds", seconds(result.machineTime()));
        result.costUsd().ifPresent(usd -> json.put("costUsd", usd));
        json.put("publishedAt", result.publishedAt().toString());
        result.startedAt().ifPresent(at -> json.put("startedAt", at.toString()));
        json.put("settledAt", result.settledAt().toString());
        return json;
    }

    private static ObjectNode write(Failure error) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("class", Words.of(error.kind()))
                .put("owner", Words.of(error.kind().owner()))
                .put("message", error.message())
                .put("retriable", error.isRetriable());
    }

    private static ObjectNode write(MemberResult member, Room room) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("role", member.member().role().value());
        json.put("index", member.member().index());
        json.put("machine", member.machine().value());
        json.put("type", member.pool().type());
        json.put("market", member.pool().market().word());
        member.zone().ifPresent(zone -> json.put("zone", zone));
        member.exitCode().ifPresent(code -> json.put("exitCode", code));
        json.set("stdout", write(member.out(), room.text()));
        json.set("stderr", write(member.err(), room.text()));
        ArrayNode outputs = json.putArray("outputs");
        List<OutputFile> told =
                member.outputs().subList(0, Math.min(room.outputs(), member.outputs().size()));
        told.forEach(output -> outputs.add(write(output)));
        if (told.size() < member.outputs().size()) {
            json.put("outputsOmitted", member.outputs().size() - told.size());
        }
        return json;
    }

    private static ObjectNode write(Captured captured, int lengthMax) {
        // The end of a stream is where errors are: it gets the larger half.
        String tail = Text.end(captured.tail(), lengthMax - lengthMax / 2);
        String head = Text.start(captured.head(), lengthMax / 2);
        boolean isCut =
                tail.length() < captured.tail().length()
                        || head.length() < captured.head().length();
        return JsonNodeFactory.instance
                .objectNode()
                .put("bytes", captured.bytes())
                .put("head", head)
                .put("tail", tail)
                .put("truncated", captured.isTruncated() || isCut);
    }

    private static ObjectNode write(OutputFile output) {
        ObjectNode json =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("path", output.path().value())
                        .put("bytes", output.bytes())
                        .put("sha256", output.sha256());
        output.location().ifPresent(location -> json.put("location", location));
        return json;
    }

    private static ObjectNode write(Map<Phase, Duration> phases) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        phases.forEach((phase, took) -> json.put(phase.word(), seconds(took)));
        return json;
    }

    private static BigDecimal seconds(Duration duration) {
        BigDecimal exact =
                BigDecimal.valueOf(duration.getSeconds())
                        .add(BigDecimal.valueOf(duration.getNano(), 9))
                        .stripTrailingZeros();
        return exact.scale() < 0 ? exact.setScale(0) : exact; // 10, not 1E+1
    }

    private static int longestText(JobResult result) {
        return result.members().stream()
                .flatMap(member -> List.of(member.out(), member.err()).stream())
                .mapToInt(
                        captured ->
                                2 * Math.max(captured.head().length(), captured.tail().length()))
                .max()
                .orElse(0);
    }

    private static int mostOutputs(JobResult result) {
        return result.members().stream().mapToInt(m -> m.outputs().size()).max().orElse(0);
    }

    /**
     * How much of what can be long is told.
     *
     * @param text characters of a stream, head and tail together
     * @param outputs of a member
     */
    private record Room(int text, int outputs) {
        boolean isAny() {
            return text > 0 || outputs > 0;
        }

        Room less() {
            return text > 0 ? new Room(text / 2, outputs) : new Room(0, outputs / 2);
        }
    }
}
