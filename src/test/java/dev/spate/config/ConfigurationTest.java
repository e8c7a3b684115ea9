package dev.spate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.spate.config.Configuration.Reader;
import dev.spate.ec2.Ec2Action;
import dev.spate.ec2.Ec2Settings;
import dev.spate.ec2.ImageName;
import dev.spate.engine.EngineSettings;
import dev.spate.fleet.FleetSettings;
import dev.spate.hosts.Host;
import dev.spate.job.ByteSize;
import dev.spate.job.LaunchToken;
import dev.spate.kafka.KafkaSettings;
import dev.spate.kafka.MessageLimits;
import dev.spate.ssh.DerivedKeys;
import dev.spate.ssh.Login;
import dev.spate.ssh.SshSettings;
import dev.spate.web.HttpSettings;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final Path DOCUMENTED = Path.of("config/spate.yaml");

    @TempDir private Path directory;

    @Test
    void aWorkerNeedsAGroupAndASecretAndNothingElse() {
        Configuration configuration = read(Map.of());

        assertThat(configuration.group()).isEqualTo("builds");
        assertThat(configuration.secret().text()).isEqualTo(SECRET);
        assertThat(configuration.http()).isEqualTo(HttpSettings.onLoopback(9400));
        assertThat(configuration.kafka()).isEqualTo(KafkaSettings.of("localhost:9092", "builds"));
        assertThat(configuration.engine()).isEqualTo(EngineSettings.defaults());
        assertThat(configuration.fleet()).isEqualTo(FleetSettings.defaults("builds"));
        assertThat(configuration.ec2()).isEqualTo(Ec2Settings.of("builds"));
        assertThat(configuration.ssh()).isEqualTo(SshSettings.DEFAULT);
        assertThat(configuration.limits()).isEqualTo(MessageLimits.WIDEST);
    }

    @Test
    void theDocumentedFileSaysWhatHoldsAnyway() {
        Configuration documented =
                Configuration.read(
                        Reader.WORKER,
                        Optional.of(DOCUMENTED),
                        Map.of("SPATE_GROUP", "builds", "SPATE_SECRET", SECRET));

        assertThat(documented)
                .usingRecursiveComparison()
                .ignoringFields("profiles")
                .isEqualTo(read(Map.of()));
    }

    @Test
    void theDocumentedFileHasEveryKeyWithItsDefaultAndItsVariable() throws IOException {
        Sources sources = new Sources(new Environment(Map.of()), YamlFile.NONE, List.of());
        var _ = Configuration.read(Reader.CLIENT, sources);
        YamlFile file = YamlFile.read(DOCUMENTED, List.of());
        String text = Files.readString(DOCUMENTED);

        Map<String, String> written = new TreeMap<>();
        for (String key : sources.declared().keySet()) {
            assertThat(file.keys()).as("config/spate.yaml").contains(key);
            assertThat(text).contains("# " + Environment.variable(key) + "\n");
            written.put(key, file.find(key).map(Found::text).orElse(""));
        }
        assertThat(written).isEqualTo(new TreeMap<>(sources.declared()));
    }

    @Test
    void everyKeyCanBeSetByVariable() {
        Sources sources = new Sources(new Environment(Map.of()), YamlFile.NONE, List.of());
        var _ = Configuration.read(Reader.CLIENT, sources);
        Map<String, String> variables = new TreeMap<>();
        sources.declared()
                .forEach(
                        (key, otherwise) -> {
                            if (!otherwise.isEmpty()) {
                                variables.put(Environment.variable(key), "!" + otherwise);
                            }
                        });

        // None of these can be read, so whatever does not complain has not been looked at.
        assertThatThrownBy(() -> Configuration.read(Reader.CLIENT, Optional.empty(), variables))
                .asInstanceOf(type(ConfigurationMistakes.class))
                .satisfies(
                        mistakes ->
                                assertThat(mistakes.mistakes())
                                        .noneMatch(mistake -> mistake.contains("no such")));
    }

    @Test
    void readsTheFile() throws IOException {
        Path file =
                file(
                        """
                        group: renders
                        secret: %s
                        http:
                          port: 0
                          idle-timeout: 5s
                        kafka:
                          bootstrap-servers: [a:1, b:2]
                          topics:
                            jobs: my.jobs
                          input: {size: 7, linger: 1s, bytes-max: 1KiB}
                          properties:
                            security.protocol: SASL_SSL
                            ssl:
                              truststore.location: /etc/trust
                          result-bytes-max: 200KiB
                        engine:
                          jobs-max: 9
                        fleet:
                          zones: [eu-west-1a, eu-west-1b]
                        ec2:
                          endpoint: http://localhost:4566
                          region: eu-west-1
                          access: simulated
                          rates: {RunInstances: 0.5/2}
                          on-demand-usd-per-hour: {c7i.large: 0.0893}
                          images: {builder: 123456789012/builder-*}
                          tags: {team: a}
                        ssh:
                          port: 2222
                          outputs: /tmp/outputs
                        limits:
                          types: [c7i.*]
                          machines-max: 3
                        profiles:
                          small:
                            machine: {types: [c7i.large], disk: 20GiB}
                            run: |
                              echo ${HOME}
                            reuse: false
                        """
                                .formatted(SECRET));

        Configuration configuration =
                Configuration.read(Reader.WORKER, Optional.of(file), Map.of());

        assertThat(configuration.group()).isEqualTo("renders");
        assertThat(configuration.http().port()).isZero();
        assertThat(configuration.http().idleTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(configuration.kafka().bootstrapServers()).isEqualTo("a:1,b:2");
        assertThat(configuration.kafka().topics().jobs()).isEqualTo("my.jobs");
        assertThat(configuration.kafka().input().size()).isEqualTo(7);
        assertThat(configuration.kafka().input().bytesMax()).isEqualTo(1024);
        assertThat(configuration.kafka().properties())
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("ssl.truststore.location", "/etc/trust");
        assertThat(configuration.kafka().resultBytesMax()).isEqualTo(200 * 1024);
        assertThat(configuration.engine().jobsMax()).isEqualTo(9);
        assertThat(configuration.fleet().zones()).containsExactly("eu-west-1a", "eu-west-1b");
        assertThat(configuration.fleet().group()).isEqualTo("renders");
        assertThat(configuration.ec2().endpoint())
                .isEqualTo(
                        Ec2Settings.Endpoint.simulated(
                                URI.create("http://localhost:4566"), "eu-west-1"));
        assertThat(configuration.ec2().rates())
                .containsEntry(Ec2Action.RUN_INSTANCES, new Ec2Settings.Rate(0.5, 2));
        assertThat(configuration.ec2().onDemandUsdPerHour())
                .containsEntry("c7i.large", new BigDecimal("0.0893"));
        assertThat(configuration.ec2().images())
                .containsEntry("builder", new ImageName("123456789012", "builder-*"));
        assertThat(configuration.ec2().tags()).containsEntry("team", "a");
        assertThat(configuration.ec2().network().sshPort()).isEqualTo(2222);
        assertThat(configuration.ssh().outputs()).hasValue(Path.of("/tmp/outputs"));
        assertThat(configuration.ssh().outputMax()).isEqualTo(ByteSize.ofGiB(1));
        assertThat(configuration.limits().types()).containsExactly("c7i.*");
    }

    @Test
    void theEnvironmentWins() throws IOException {
        Path file = file("http: {port: 1}\nec2: {tags: {team: a}}\n");

        Configuration configuration =
                Configuration.read(
                        Reader.CLIENT,
                        Optional.of(file),
                        Map.of(
                                "SPATE_HTTP_PORT", "2",
                                "SPATE_EC2_TAGS", "team=b, cost = 7",
                                "SPATE_FLEET_ZONES", "x-1a,x-1b",
                                "SPATE_KAFKA_PROPERTIES_SASL_JAAS_CONFIG", "secret stuff",
                                "SPATE_PROFILES", "{small: {run: date}}"));

        assertThat(configuration.http().port()).isEqualTo(2);
        assertThat(configuration.ec2().tags()).isEqualTo(Map.of("team", "b", "cost", "7"));
        assertThat(configuration.fleet().zones()).containsExactly("x-1a", "x-1b");
        assertThat(configuration.kafka().properties())
                .containsEntry("sasl.jaas.config", "secret stuff");
    }

    @Test
    void aVariableMayNameAFile() throws IOException {
        Path secret = file(SECRET + "\n");

        Configuration configuration =
                Configuration.read(
                        Reader.WORKER,
                        Optional.empty(),
                        Map.of("SPATE_GROUP", "builds", "SPATE_SECRET_FILE", secret.toString()));

        assertThat(configuration.secret().text()).isEqualTo(SECRET);
    }

    @Test
    void tellsEveryMistakeAtOnceWithItsPlace() throws IOException {
        Path file =
                file(
                        """
                        group: builds
                        htpp:
                          port: 1
                        fleet:
                          boot-timeout: 3
                          idle-time: 2d
                          idle-time: 1m
                        kafka:
                          input: {sise: 3}
                        """);

        assertThat(
                        mistakes(
                                Optional.of(file),
                                Map.of(
                                        "SPATE_HTTP_PORT", "99999999",
                                        "SPATE_FLEET_MACHINES_MAXX", "1",
                                        "SPATE_EC2_TAGS", "a",
                                        "SPATE_SECRET", "short")))
                .containsExactlyInAnyOrder(
                        file + ":7: fleet.idle-time: expected once, found again",
                        "SPATE_SECRET: secret: expected 32 to 4096 characters, such as `openssl rand"
                                + " -hex 32` writes, found 5",
                        "SPATE_HTTP_PORT: http.port: expected 0 to 65535, found 99999999",
                        file
                                + ":5: fleet.boot-timeout: expected a duration with a unit, such as"
                                + " 90s or 1h30m, found \"3\"",
                        "SPATE_EC2_TAGS: expected name=value, separated by commas, found \"a\"",
                        file + ":2: htpp: no such key; did you mean http?",
                        file + ":9: kafka.input.sise: no such key; did you mean kafka.input.size?",
                        "SPATE_FLEET_MACHINES_MAXX: no such variable; did you mean"
                                + " SPATE_FLEET_MACHINES_MAX?");
    }

    @Test
    void goesOnAfterEachMistakeHoweverManyThereAre() throws IOException {
        Path file =
                file(
                        """
                        kafka:
                          topics: {jobs: "my jobs", journal: same, results: same}
                        ec2:
                          tags: {Name: x}
                          rates: {Launch: 1/1, RunInstances: none}
                          on-demand-usd-per-hour: {c7i.large: -1, c6i.large: x}
                        profiles:
                          small: {timeout: 3}
                          large: {reuse: yes}
                        """);
        Map<String, String> environment = new TreeMap<>();
        environment.put("SPATE_GROUP", "bad_name!");
        environment.put("SPATE_SECRET", "short");
        environment.put("SPATE_SSH_USER", "x y");
        environment.put("SPATE_HTTP_PORT", "99999");
        environment.put("SPATE_HTTP_CONNECTIONS_MAX", "0");
        environment.put("SPATE_FLEET_IDLE_TIME", "2d");
        environment.put("SPATE_FLEET_LEASE_MARGIN", "1s");
        environment.put("SPATE_EC2_TAGS_TEAM", "x");
        environment.put("SPATE_EC2_REGION", "EU West");

        assertThat(mistakes(Optional.of(file), environment))
                .containsExactlyInAnyOrder(
                        "SPATE_GROUP: group: expected 1 to 40 letters, digits and '-', found"
                                + " bad_name!",
                        "SPATE_SECRET: secret: expected 32 to 4096 characters, such as `openssl rand"
                                + " -hex 32` writes, found 5",
                        "SPATE_SSH_USER: ssh.user: expected a user's name, found \"x y\"",
                        "SPATE_HTTP_PORT: http.port: expected 0 to 65535, found 99999",
                        "SPATE_HTTP_CONNECTIONS_MAX: http.connections-max: expected 1 to 100000,"
                                + " found 0",
                        "SPATE_FLEET_IDLE_TIME: fleet.idle-time: expected 0s to 1d, found 2d",
                        "SPATE_FLEET_LEASE_MARGIN: fleet.lease-margin: expected 1m to 1d, found 1s",
                        "SPATE_EC2_TAGS_TEAM: no such variable; did you mean SPATE_EC2_TAGS?",
                        "SPATE_EC2_REGION: ec2.region: expected a region such as eu-west-1, found"
                                + " \"EU West\"",
                        file
                                + ":2: kafka.topics.jobs: expected 1 to 249 letters, digits, '.', '_'"
                                + " and '-', found \"my jobs\"",
                        file
                                + ":2: kafka.topics.results: expected a topic of its own, found same"
                                + " again",
                        file
                                + ":4: ec2.tags: expected keys of 1 to 128 characters other than"
                                + " Name, spate:… and aws:…, found \"Name\"",
                        file
                                + ":5: ec2.rates.Launch: expected an action of EC2's such as"
                                + " RunInstances, found \"Launch\"",
                        file
                                + ":5: ec2.rates.RunInstances: expected calls a second and at once,"
                                + " such as 2.5/50, found \"none\"",
                        file
                                + ":6: ec2.on-demand-usd-per-hour.c6i.large: expected a price above"
                                + " 0, such as 0.0456, found \"x\"",
                        file
                                + ":6: ec2.on-demand-usd-per-hour.c7i.large: expected a price above"
                                + " 0, such as 0.0456, found \"-1\"",
                        file + ":8: profiles.small: timeout: expected text, found 3",
                        file
                                + ":9: profiles.large.reuse: expected true, false or a text in"
                                + " quotes, found \"yes\"");
    }

    @Test
    void aFileWithAControlCharacterIsAMistakeThatNamesIt() throws IOException {
        Path file = file("group: a\u0001\n");

        assertThatThrownBy(() -> Configuration.read(Reader.CLIENT, Optional.of(file), Map.of()))
                .hasMessage(
                        file + ": expected text, found the control character 0x01 after 8 others");
    }

    @Test
    void aPropertyOfKafkasMayBeInAFileToo() throws IOException {
        Path jaas = file("secret stuff\n");

        Configuration configuration =
                Configuration.read(
                        Reader.CLIENT,
                        Optional.empty(),
                        Map.of(
                                "SPATE_KAFKA_PROPERTIES_SASL_JAAS_CONFIG_FILE",
                                jaas.toString(),
                                "SPATE_KAFKA_PROPERTIES_SASL_OAUTHBEARER_ASSERTION_FILE",
                                "/run/assertion"));

        assertThat(configuration.kafka().properties())
                .isEqualTo(
                        Map.of(
                                "sasl.jaas.config",
                                "secret stuff",
                                "sasl.oauthbearer.assertion.file",
                                "/run/assertion"));
    }

    @Test
    void readsMachinesOfOnesOwn() throws IOException {
        var key = new DerivedKeys(new byte[32]).planted(new LaunchToken("ab".repeat(32)));
        Path identity = Files.writeString(directory.resolve("identity"), key.hostPrivateKey());
        Path file =
                file(
                        """
                        hosts:
                          one:
                            address: 10.0.0.7
                            user: me
                            host-key: %s
                            identity: %s
                          two:
                            address: 10.0.0.8
                            usr: me
                          three: {address: 10.0.0.9, user: me, port: 0}
                        """
                                .formatted(key.hostPublicKey(), identity));
        Map<String, String> environment = Map.of("SPATE_GROUP", "builds", "SPATE_SECRET", SECRET);

        assertThat(mistakes(Optional.of(file), environment))
                .containsExactly(
                        file + ":7: hosts.two: usr: no such key; did you mean user?",
                        file + ":10: hosts.three: host-key: expected a text, found nothing");

        String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.indexOf("  two:")));
        Hosts hosts =
                Configuration.read(Reader.WORKER, Optional.of(file), environment)
                        .hosts()
                        .orElseThrow();
        assertThat(hosts.settings().hosts()).containsExactly(new Host("one", "10.0.0.7"));
        assertThat(hosts.logins()).containsOnlyKeys("one");
        assertThat(hosts.logins().values()).extracting(Login::port).containsExactly(22);
    }

    @Test
    void saysWhatAWorkerCannotDoWithout() {
        assertThat(mistakes(Optional.empty(), Map.of()))
                .containsExactly(
                        "group: expected the group's name, found nothing; set it as SPATE_GROUP or in"
                                + " the file",
                        "secret: expected the group's secret, found nothing; set it as SPATE_SECRET"
                                + " or in the file");
    }

    @Test
    void aBadProfileIsAMistakeThatNamesIt() throws IOException {
        Path file = file("profiles:\n  small:\n    timeout: 3\n");

        assertThatThrownBy(() -> Configuration.read(Reader.CLIENT, Optional.of(file), Map.of()))
                .hasMessageContaining("profiles.small")
                .hasMessageContaining("timeout");
    }

    @Test
    void aFileThatIsNoYamlIsAMistakeWithItsLine() throws IOException {
        Path file = file("http:\n  port: 1\n bad\n");

        assertThatThrownBy(() -> Configuration.read(Reader.CLIENT, Optional.of(file), Map.of()))
                .hasMessageContaining(file + ":");
    }

    @Test
    void aMissingFileIsAMistake() {
        Path file = directory.resolve("nowhere.yaml");

        assertThatThrownBy(() -> Configuration.read(Reader.CLIENT, Optional.of(file), Map.of()))
                .hasMessage(file + ": expected a configuration file, found nothing");
    }

    @Test
    void variablesOfOthersAreNoMistakes() {
        Configuration configuration =
                read(
                        Map.of(
                                "SPATE_SERVICE_HOST", "10.0.0.1",
                                "SPATE_SERVICE_PORT_HTTP", "80",
                                "SPATE_PORT", "tcp://10.0.0.1:80",
                                "SPATE_PORT_80_TCP_ADDR", "10.0.0.1",
                                "SPATE_LOG_LEVEL", "DEBUG"));

        assertThat(configuration.group()).isEqualTo("builds");
    }

    @Test
    void inAJobTheVariablesOfTheRunAreNoMistakes() {
        Configuration configuration =
                Configuration.read(
                        Reader.CLIENT,
                        Optional.empty(),
                        Map.of("SPATE_MEMBER", "main-0", "SPATE_SERVER_0_ADDRESS", "10.0.0.1"));

        assertThat(configuration.limits()).isEqualTo(MessageLimits.WIDEST);
    }

    @Test
    void secretsAreNeverPrinted() {
        Configuration configuration = read(Map.of());

        assertThat(configuration.toString()).doesNotContain(SECRET);
        assertThat(
                        new KafkaSettings(
                                        "kafka:9092",
                                        "builds",
                                        configuration.kafka().topics(),
                                        Map.of("sasl.jaas.config", "password=" + SECRET),
                                        configuration.kafka().input(),
                                        configuration.kafka().journal(),
                                        configuration.kafka().prefetchBytesMax(),
                                        configuration.kafka().commitTimeout(),
                                        configuration.kafka().revokeTimeout(),
                                        configuration.kafka().resultBytesMax())
                                .toString())
                .contains("sasl.jaas.config")
                .doesNotContain(SECRET);
        assertThat(new Found(SECRET, "SPATE_SECRET").toString()).doesNotContain(SECRET);
    }

    private static Configuration read(Map<String, String> more) {
        Map<String, String> environment = new TreeMap<>(more);
        environment.put("SPATE_GROUP", "builds");
        environment.put("SPATE_SECRET", SECRET);
        return Configuration.read(Reader.WORKER, Optional.empty(), environment);
    }

    private static List<String> mistakes(Optional<Path> file, Map<String, String> environment) {
        try {
            Configuration configuration = Configuration.read(Reader.WORKER, file, environment);
            throw new AssertionError("expected mistakes, found " + configuration);
        } catch (ConfigurationMistakes mistakes) {
            return mistakes.mistakes();
        }
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("some.yaml"), text);
    }
}
