package dev.spate.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spate.engine.Incoming;
import dev.spate.engine.RawMessage;
import dev.spate.job.Failure;
import dev.spate.job.Job;
import dev.spate.job.JobId;
import dev.spate.job.Market;
import dev.spate.job.Retries;
import dev.spate.job.Role;
import dev.spate.job.RoleName;
import dev.spate.job.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JobMessagesTest {

    private static final Profiles PROFILES =
            Profiles.of(
                    Map.of(
                            "small",
                            """
                            {"machine": {"types": ["t3.micro"], "market": "spot"},
                             "setup": "true", "env": {"A": "profile", "B": "profile"},
                             "retries": {"lost": 5}}
                            """,
                            "large",
                            "{\"machine\": {\"types\": [\"c7i.8xlarge\"]}}"));

    private final JobMessages messages = new JobMessages(PROFILES, MessageLimits.WIDEST);
    private final Schemas schema = Schemas.job();

    static List<BadMessages.BadMessage> badMessages() {
        return BadMessages.all();
    }

    static List<Path> examples() throws Exception {
        try (Stream<Path> files = Files.list(Schemas.CONFIG.resolve("examples"))) {
            return files.toList();
        }
    }

    @Test
    void hasAHundredBadMessagesToTry() {
        assertThat(BadMessages.all()).hasSizeGreaterThan(100);
    }

    @ParameterizedTest
    @MethodSource("badMessages")
    void rejectsABadMessageNamingFieldAndPlace(BadMessages.BadMessage bad) {
        Incoming read = decode("job-1", bad.bytes());

        // A message whose own id is bad still has the key's.
        assertThat(read).isInstanceOf(Incoming.Malformed.class);
        Incoming.Malformed malformed = (Incoming.Malformed) read;
        assertThat(malformed.why().message()).contains(bad.reason());
        assertThat(malformed.why().message()).doesNotContain("\n").hasSizeLessThan(600);
        assertThat(malformed.why().kind()).isEqualTo(Failure.Kind.INVALID);
        assertThat(malformed.id()).contains(new JobId("job-1"));
    }

    @ParameterizedTest
    @MethodSource("badMessages")
    void agreesWithTheSchemaOnWhatIsBad(BadMessages.BadMessage bad) {
        if (bad.isSchemasToo()) {
            assertThat(schema.complaints(new String(bad.bytes(), UTF_8))).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void acceptsEveryExampleAsTheSchemaDoes(Path example) throws Exception {
        String json = Files.readString(example);

        assertThat(schema.complaints(json)).isEmpty();
        assertThat(messages.check(json.getBytes(UTF_8), idFor(json)))
                .isInstanceOf(Incoming.Submitted.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"run\": \"true\"}",
                "{\"run\": \"true\", \"timeout\": \" 1h30m \"}",
                "{\"run\": \"true\", \"machine\": {\"disk\": \"20 GiB\", \"image\": \"ami-0\"}}",
                "{\"run\": \"\uD83D\uDE80\", \"outputs\": [\"a/...b/.c\", \"ä\"]}",
                "{\"run\": \"true\", \"roles\": {\"a\": {}, \"b\": {\"background\": true}}}",
                "{\"run\": \"true\", \"files\": [], \"outputs\": [], \"env\": {}, \"machine\": {}}",
            })
    void acceptsWhatTheSchemaAccepts(String json) {
        assertThat(schema.complaints(json)).isEmpty();
        assertThat(decode("a", json)).isInstanceOf(Incoming.Submitted.class);
    }

    @Test
    void namesEveryMistake() {
        Incoming.Malformed read =
                (Incoming.Malformed)
                        decode(
                                "job-1",
                                bytes(
                                        """
                                        {"id": "job-2", "rnu": "a", "profile": "tiny", "timeout": 3,
                                         "env": {"A": 1, "B": "2"}, "logs": "no",
                                         "files": [{"path": "/etc", "txt": "a"}, {"path": "b"}],
                                         "roles": {"a b": {"run": ""}, "b": {"count": 0}}}
                                        """));

        assertThat(read.mistakes().subList(0, Mistakes.TOLD_MAX))
                .extracting(mistake -> mistake.substring(0, mistake.indexOf(": ")))
                .containsExactly(
                        "rnu",
                        "id",
                        "env.A",
                        "files[0].txt",
                        "files[0].path",
                        "files[0].text",
                        "files[1].text",
                        "roles[\"a b\"]",
                        "roles[\"a b\"].run",
                        "roles.b.count");
        assertThat(read.mistakes().getLast()).isEqualTo("and 3 more mistakes");
    }

    @Test
    void namesEveryMistakeOfAJobThatIsSoundInItself() {
        MessageLimits limits =
                new MessageLimits(
                        4_096, List.of("ubuntu-*"), List.of("t3.*"), Duration.ofHours(2), 5);

        assertThat(reason(limits, "{\"roles\": {\"a\": {}, \"b\": {\"run\": \"b\"}, \"c\": {}}}"))
                .isEqualTo(
                        "roles.a.run: expected a command, found none; "
                                + "roles.c.run: expected a command, found none");
        assertThat(
                        reason(
                                limits,
                                "{\"run\": \"a\", \"timeout\": \"3h\", \"machine\": {\"image\": \"debian\","
                                        + " \"types\": [\"t3.small\", \"m7i.large\"]}}"))
                .contains("timeout: ", "machine.image: ", "machine.types[1]: ");
    }

    @Test
    void fillsInTheDefaults() {
        Job job = job("{\"run\": \"true\"}");

        assertThat(job.id()).isEqualTo(new JobId("job-1"));
        assertThat(job.profile()).isEqualTo("default");
        assertThat(job.timeout()).isEqualTo(Duration.ofHours(1));
        assertThat(job.patience()).isEqualTo(Duration.ofHours(1));
        assertThat(job.retries()).isEqualTo(new Retries(2, 0));
        assertThat(job.mayReuse()).isTrue();
        Role main = job.role(RoleName.MAIN);
        assertThat(main.count()).isEqualTo(1);
        assertThat(main.machine().market()).isEqualTo(Market.ON_DEMAND);
    }

    @Test
    void laysTheMessageOverItsProfileFieldByField() {
        Job job =
                job(
                        """
                        {"profile": "small", "run": "true", "env": {"B": "message"},
                         "machine": {"image": "debian-13"}, "retries": {"failed": 1}}
                        """);

        Role main = job.role(RoleName.MAIN);
        assertThat(job.profile()).isEqualTo("small");
        assertThat(main.env()).isEqualTo(Map.of("A", "profile", "B", "message"));
        assertThat(main.machine().image()).isEqualTo("debian-13");
        assertThat(main.machine().types()).containsExactly("t3.micro");
        assertThat(main.setup()).contains("true");
        assertThat(job.retries()).isEqualTo(new Retries(5, 1));
    }

    @Test
    void takesWhatStandsBesideTheRolesAsTheDefaultForEach() {
        Job job =
                job(
                        """
                        {"machine": {"types": ["t3.micro"]}, "run": "work",
                         "roles": {"server": {"run": "serve", "background": true},
                                   "client": {"count": 3, "machine": {"market": "spot"}}}}
                        """);

        assertThat(job.roles())
                .extracting(role -> role.name().value())
                .containsExactly("server", "client");
        Role client = job.role(new RoleName("client"));
        assertThat(client.run()).isEqualTo("work");
        assertThat(client.count()).isEqualTo(3);
        assertThat(client.machine().types()).containsExactly("t3.micro");
        assertThat(client.machine().market()).isEqualTo(Market.SPOT);
    }

    @Test
    void usesTheProfileNamedDefaultForMessagesThatNameNone() {
        JobMessages withDefault =
                new JobMessages(
                        Profiles.of(Map.of("default", "{\"timeout\": \"5m\"}")),
                        MessageLimits.WIDEST);

        Incoming read =
                withDefault.check(bytes("{\"run\": \"true\"}"), Optional.of(new JobId("a")));

        assertThat(((Incoming.Submitted) read).job().timeout()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void refusesABadProfileNamingIt() {
        assertThatThrownBy(
                        () ->
                                Profiles.of(
                                        Map.of("big", "{\"machine\": {\"typs\": [\"t3.micro\"]}}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("profiles.big: machine.typs: unknown field; did you mean types?");
    }

    @Test
    void readsANullValueAsACancellation() {
        assertThat(decode("job-1", (byte @Nullable []) null))
                .isEqualTo(new Incoming.Cancelled(7, new JobId("job-1")));
        assertThat(decode(null, (byte @Nullable []) null)).isInstanceOf(Incoming.Malformed.class);
        assertThat(decode("a b", (byte @Nullable []) null)).isInstanceOf(Incoming.Malformed.class);
    }

    @Test
    void refusesAnIdThatIsNotTheKey() {
        Incoming.Malformed read =
                (Incoming.Malformed) decode("job-1", "{\"id\": \"job-2\", \"run\": \"true\"}");

        assertThat(read.why().message())
                .isEqualTo("id: expected the record's key \"job-1\" or no id, found \"job-2\"");
        // The shard is the key's; a result under the other id could be that job's second.
        assertThat(read.id()).contains(new JobId("job-1"));
    }

    @Test
    void readsTheIdFromTheMessageOnlyIfThereIsNoKey() {
        assertThat(
                        ((Incoming.Submitted) decode(null, "{\"id\": \"a\", \"run\": \"b\"}"))
                                .job()
                                .id())
                .isEqualTo(new JobId("a"));
        assertThat(((Incoming.Malformed) decode(null, "{\"id\": \"a\"}")).id())
                .contains(new JobId("a"));
        assertThat(((Incoming.Malformed) decode(null, "{\"run\": \"b\"}")).id()).isEmpty();
        assertThat(((Incoming.Malformed) decode("a b", "{\"id\": \"a\", \"run\": \"b\"}")).id())
                .isEmpty();
        assertThat(((Incoming.Malformed) decode(null, "{\"id\": \"a\"")).id()).isEmpty();
    }

    @Test
    void hashesWhatTheMessageSaysNotHowItSaysIt() {
        String one =
                hash("{\"id\": \"job-1\", \"run\": \"b\", \"env\": {\"A\": \"1\", \"B\": \"2\"}}");

        assertThat(one).matches("[0-9a-f]{64}");
        assertThat(hash("{\"env\":{\"B\":\"2\",\"A\":\"1\"},\"run\":\"b\"}")).isEqualTo(one);
        assertThat(hash("{\"env\":{\"B\":\"2\",\"A\":\"1\"},\"run\":\"c\"}")).isNotEqualTo(one);
        assertThat(hash("{\"run\": \"b\", \"outputs\": [\"x\", \"y\"]}"))
                .isNotEqualTo(hash("{\"run\": \"b\", \"outputs\": [\"y\", \"x\"]}"));
    }

    @Test
    void enforcesTheLimitsOfTheWorker() {
        MessageLimits limits =
                new MessageLimits(
                        1024, List.of("ubuntu-*"), List.of("t3.*"), Duration.ofHours(2), 5);

        assertThat(reason(limits, "{\"run\": \"true\", \"machine\": {\"image\": \"ami-1\"}}"))
                .isEqualTo(
                        "machine.image: expected what this worker allows (ubuntu-*), found"
                                + " \"ami-1\"");
        assertThat(
                        reason(
                                limits,
                                "{\"run\": \"a\", \"machine\": {\"types\": [\"t3.small\","
                                        + " \"p5.48xlarge\"]}}"))
                .startsWith("machine.types[1]: expected what this worker allows (t3.*)");
        assertThat(reason(limits, "{\"run\": \"true\", \"timeout\": \"3h\"}"))
                .isEqualTo("timeout: expected at most 2h, found 3h");
        assertThat(reason(limits, "{\"roles\": {\"a\": {\"count\": 6, \"run\": \"b\"}}}"))
                .isEqualTo("roles: expected at most 5 machines in all, found 6");
        assertThat(reason(limits, "{\"run\": \"" + "x".repeat(1024) + "\"}"))
                .startsWith("message: expected at most 1024 bytes, found 10");
        assertThat(
                        reason(
                                limits,
                                "{\"setup\": \""
                                        + "x".repeat(500)
                                        + "\", \"roles\": {\"a\": {\"run\": \"b\"}, \"b\": {\"run\":"
                                        + " \"b\"}}}"))
                .startsWith("message, with what its profile adds: expected at most 1024 bytes");
    }

    @Test
    void carriesTheTraceOn() {
        String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        RawMessage raw =
                new RawMessage(
                        bytes("a"),
                        bytes("{\"run\": \"true\"}"),
                        List.of(new RawMessage.Header("traceparent", bytes(parent))));

        Incoming.Submitted read = (Incoming.Submitted) messages.decode(0, Instant.EPOCH, raw);

        assertThat(read.trace()).isEqualTo(new Trace(Optional.of(parent), Optional.empty()));
    }

    private Job job(String json) {
        Incoming read = decode("job-1", json);
        assertThat(read).isInstanceOf(Incoming.Submitted.class);
        return ((Incoming.Submitted) read).job();
    }

    private String hash(String json) {
        return ((Incoming.Submitted) decode("job-1", json)).contentHash();
    }

    private static String reason(MessageLimits limits, String json) {
        Incoming read =
                new JobMessages(Profiles.none(), limits)
                        .check(bytes(json), Optional.of(new JobId("a")));
        return ((Incoming.Malformed) read).why().message();
    }

    @Test
    void turnsAMistakeOfOursIntoARejectToo() {
        List<RawMessage.Header> broken =
                new AbstractList<>() {
                    @Override
                    public RawMessage.Header get(int index) {
                        throw new IllegalStateException("expected by the test");
                    }

                    @Override
                    public int size() {
                        return 1;
                    }
                };

        Incoming read =
                messages.decode(
                        7,
                        Instant.EPOCH,
                        new RawMessage(bytes("job-1"), bytes("{\"run\": \"true\"}"), broken));

        Incoming.Malformed malformed = (Incoming.Malformed) read;
        assertThat(malformed.id()).contains(new JobId("job-1"));
        assertThat(malformed.why().kind()).isEqualTo(Failure.Kind.INTERNAL);
        assertThat(malformed.why().message()).contains("expected by the test");
    }

    private Incoming decode(@Nullable String key, String value) {
        return decode(key, bytes(value));
    }

    private Incoming decode(@Nullable String key, byte @Nullable [] value) {
        byte[] keyBytes = key == null ? null : bytes(key);
        return messages.decode(7, Instant.EPOCH, new RawMessage(keyBytes, value, List.of()));
    }

    private static Optional<JobId> idFor(String json) {
        return json.contains("\"id\"") ? Optional.empty() : Optional.of(new JobId("example"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
