package dev.spate.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.board.JobOutline;
import dev.spate.board.JobPage;
import dev.spate.board.JobRow;
import dev.spate.board.RoleOutline;
import dev.spate.board.Stage;
import dev.spate.job.Failure;
import dev.spate.job.JobId;
import dev.spate.job.Member;
import dev.spate.job.RoleName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Text of jobs, machines and clouds that wants to be more than text. */
@ExtendWith(OnStage.class)
class HostileIT {

    private static final String SCRIPT =
            "<script>window.pwned=1</script><img src=x onerror='window.pwned=1'>"
                    + "<svg onload=window.pwned=1>\"'`${window.pwned=1}";
    private static final String ESCAPES =
            "\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u001b]8;;javascript:alert(1)\u001b\\link"
                    + "\u001b]8;;\u001b\\ \u202egnp.exe\u202c \u2066isolated\u2069 \u0000\u0007\u009b2J";
    private static final String LONG = "w".repeat(10_000);

    private final PageStage stage;

    HostileIT(PageStage stage) {
        this.stage = stage;
        stage.spate.fill(30);
        stage.spate
                .board()
                .put(
                        evil(
                                "a".repeat(JobId.LENGTH_MAX),
                                Stage.WAITING,
                                Failure.Kind.CAPACITY,
                                LONG));
        stage.spate.board().put(evil("waits", Stage.WAITING, Failure.Kind.QUOTA, SCRIPT + ESCAPES));
        stage.spate.board().put(evil("evil", Stage.RUNNING, Failure.Kind.LOST, SCRIPT + ESCAPES));
    }

    private JobPage evil(String id, Stage at, Failure.Kind kind, String text) {
        JobPage page = stage.why(stage.job(id, at), new Failure(kind, text));
        JobRow row = page.row();
        RoleOutline role = page.job().roles().getFirst();
        return new JobPage(
                new JobRow(
                        row.id(),
                        "p" + text,
                        row.stage(),
                        row.outcome(),
                        row.exitCode(),
                        row.attempt(),
                        false,
                        row.publishedAt(),
                        row.updatedAt(),
                        row.startedAt(),
                        row.settledAt(),
                        row.phases(),
                        1,
                        row.machineTime(),
                        row.costUsd(),
                        row.why(),
                        row.notBefore(),
                        row.sequence()),
                page.shard(),
                new JobOutline(
                        List.of(
                                new RoleOutline(
                                        RoleName.MAIN,
                                        1,
                                        false,
                                        role.machine(),
                                        Optional.of(text),
                                        text,
                                        List.of(text),
                                        role.files(),
                                        role.outputs())),
                        page.job().timeout(),
                        page.job().patience(),
                        page.job().retries(),
                        true,
                        true),
                List.of(),
                page.history(),
                page.spent(),
                page.trace());
    }

    @Test
    void isOnlyTextInTheOverview() {
        Tab tab = stage.open("").await("document.querySelector('[data-id=evil]')");
        tab.await("document.querySelector('.needs').innerText.includes('<script>')");

        for (int width : new int[] {1280, 800, 360}) {
            tab.size(width, 740);
            assertHarmless(tab);
        }
        tab.size(1280, 900).picture("hostile");
        tab.size(360, 740).evaluate("document.querySelector('.list').scrollIntoView()");
        tab.picture("hostile-phone");
    }

    @Test
    void isOnlyTextOnAJobsPage() {
        Member main = new Member(RoleName.MAIN, 0);
        JobId id = new JobId("evil");
        stage.spate
                .output()
                .write(id, main, 1, "stdout", SCRIPT + "\n" + ESCAPES + "\n" + LONG + "\n");
        stage.spate
                .output()
                .write(id, main, 1, "stdout", new byte[] {(byte) 0xff, (byte) 0xc3, 'z', '\n'});
        stage.spate.output().write(id, main, 1, "stderr", "10%\r20%\r30%\nno end to this line");

        Tab tab =
                stage.open("#/jobs/evil")
                        .await("document.querySelector('.screen').innerText.includes('no end')");
        tab.evaluate("document.querySelector('.asked').open = true");

        String shown = tab.text(".screen");
        assertThat(shown)
                .contains(
                        "<script>window.pwned=1</script>",
                        "red",
                        "link",
                        "[U+202E]gnp.exe",
                        "\u2400\u2407",
                        "30%")
                .doesNotContain(
                        "\u001b",
                        "\u202e",
                        "\u2066",
                        "\u009b",
                        "[31m",
                        "title",
                        "javascript:",
                        "20%");
        for (int width : new int[] {1280, 360}) {
            tab.size(width, 740);
            assertHarmless(tab);
        }
        tab.press("w").picture("hostile-output-phone");
        tab.size(1280, 1200).picture("hostile-output");
        assertHarmless(tab);
    }

    private void assertHarmless(Tab tab) {
        stage.assertSound();
        assertThat(tab.evaluate("typeof window.pwned").asText()).isEqualTo("undefined");
        assertThat(tab.count("main script, main img, main iframe, main [onload], main [onerror]"))
                .isZero();
        assertThat(
                        tab.evaluate(
                                        "/[\\u202a-\\u202e\\u2066-\\u2069\\u001b]/.test(document.body.textContent)")
                                .asBoolean())
                .describedAs("anything that turns text around")
                .isFalse();
    }
}
