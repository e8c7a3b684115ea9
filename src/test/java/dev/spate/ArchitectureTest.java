package dev.spate;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

/** Who may know whom. */
@AnalyzeClasses(packages = "dev.spate", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String JDK = "java..";
    private static final String NULLNESS = "org.jspecify..";
    private static final String LOG = "org.slf4j..";

    @ArchTest static final ArchRule async = mayUse("async", JDK, NULLNESS, LOG);

    @ArchTest static final ArchRule job = mayUse("job", JDK, NULLNESS);

    @ArchTest
    static final ArchRule fleet =
            mayUse("fleet", JDK, "javax.crypto..", NULLNESS, LOG, in("job"), in("async"));

    @ArchTest
    static final ArchRule engine =
            mayUse("engine", JDK, NULLNESS, LOG, in("job"), in("fleet"), in("async"));

    @ArchTest
    static final ArchRule kafka =
            mayUse(
                    "kafka",
                    JDK,
                    NULLNESS,
                    LOG,
                    "org.apache.kafka..",
                    "com.fasterxml.jackson..",
                    in("engine"),
                    in("job"),
                    in("async"));

    @ArchTest
    static final ArchRule ec2 =
            mayUse(
                    "ec2",
                    JDK,
                    NULLNESS,
                    LOG,
                    "software.amazon.awssdk..",
                    "io.netty..",
                    in("fleet"),
                    in("job"),
                    in("async"));

    @ArchTest
    static final ArchRule hosts =
            mayUse("hosts", JDK, NULLNESS, LOG, in("fleet"), in("job"), in("async"));

    @ArchTest
    static final ArchRule ssh =
            mayUse(
                    "ssh",
                    JDK,
                    "javax.crypto..",
                    NULLNESS,
                    LOG,
                    "org.apache.sshd..",
                    "org.bouncycastle..",
                    in("fleet"),
                    in("job"),
                    in("async"));

    @ArchTest
    static final ArchRule board =
            mayUse("board", JDK, NULLNESS, LOG, "org.apache.kafka..", in("job"), in("async"));

    @ArchTest
    static final ArchRule web =
            mayUse(
                    "web",
                    JDK,
                    NULLNESS,
                    LOG,
                    "io.javalin..",
                    "kotlin..",
                    "org.eclipse.jetty..",
                    "jakarta.servlet..",
                    "com.fasterxml.jackson..",
                    in("board"),
                    in("job"),
                    in("async"));

    @ArchTest
    static final ArchRule metrics =
            mayUse(
                    "metrics",
                    JDK,
                    "com.sun.management..",
                    NULLNESS,
                    LOG,
                    "io.micrometer..",
                    "io.prometheus..",
                    "org.apache.kafka.clients..",
                    in("engine"),
                    in("fleet"),
                    in("job"),
                    in("async"));

    @ArchTest
    static final ArchRule tracing =
            mayUse("tracing", JDK, NULLNESS, LOG, "io.opentelemetry..", in("engine"), in("job"));

    @ArchTest
    static final ArchRule nobodyUsesTheCommandLine =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.spate.cli..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.spate.cli..");

    @ArchTest
    static final ArchRule onlyTheCommandLineUsesWhatIsForTryingThingsOut =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("dev.spate.cli..", "dev.spate.local..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.spate.local..");

    @ArchTest
    static final ArchRule onlyTheCommandLineUsesTheConfiguration =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("dev.spate.cli..", "dev.spate.config..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.spate.config..");

    @ArchTest
    static final ArchRule noCircles =
            slices().matching("dev.spate.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule timeComesFromTheScheduler =
            noClasses()
                    .that()
                    .doNotHaveFullyQualifiedName("dev.spate.async.SystemScheduler")
                    .should()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(Clock.class, "systemUTC")
                    .orShould()
                    .callMethod(Thread.class, "sleep", long.class)
                    .orShould()
                    .callMethod(Thread.class, "sleep", java.time.Duration.class)
                    .orShould()
                    .callMethod(Math.class, "random");

    @ArchTest
    static final ArchRule noStaticMutableState =
            noFields().that().areStatic().should().notBeFinal();

    private static String in(String name) {
        return "dev.spate." + name + "..";
    }

    private static ArchRule mayUse(String name, String... packages) {
        String[] all = java.util.Arrays.copyOf(packages, packages.length + 1);
        all[packages.length] = in(name);
        return classes()
                .that()
                .resideInAPackage(in(name))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(all);
    }
}
