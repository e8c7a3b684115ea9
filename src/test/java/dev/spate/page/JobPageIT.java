package dev.spate.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.board.JobPage;
import dev.spate.board.Stage;
import dev.spate.job.Failure;
import dev.spate.job.JobId;
import dev.spate.job.Member;
import dev.spate.web.InMemorySpate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One job's page: its time line, why it waits, its output, and how it is cancelled. */
@ExtendWith(OnStage.class)
class JobPageIT {

    private final PageStage stage;

    JobPageIT(PageStage stage) {
        this.stage = stage;
    }

    @Test
    void drawsTheTimeLineToScale() {
        stage.spate.board().put(stage.job("done", Stage.RELEASED));

        Tab tab =
                stage.open("#/jobs/done")
                        .await("document.querySelectorAll('.way rect').length === 7");

        List<Double> widths = new ArrayList<>();
        for (JsonNode width :
                tab.evaluate(
                        "[...document.querySelectorAll('.way rect')].map((r) => parseFloat(r.getAttribute('width')))")) {
            widths.add(width.asDouble());
        }
        assertThat(widths).containsExactly(10.0, 5.0, 20.0, 2.5, 12.5, 45.0, 5.0);
        assertThat(
                        tab.evaluate(
                                        "document.querySelector('.way svg').getAttribute('aria-label')")
                                .asText())
                .isEqualTo(
                        "queued 2.0 s, launch 1.0 s, boot 4.0 s, connect 0.5 s, setup 2.5 s, run 9.0 s, collect 1.0 s");
        assertThat(tab.text(".phases")).contains("queued", "2.0 s", "collect", "1.0 s");
        assertThat(tab.text(".verdict")).contains("succeeded", "exit 0", "took 20 s");
        stage.assertSound();
    }

    @Test
    void saysWhatAJobWaitsForAndUntilWhen() {
        JobPage job = stage.job("stuck", Stage.WAITING);
        stage.spate
                .board()
                .put(stage.why(job, new Failure(Failure.Kind.QUOTA, "16 of 16 vCPUs are in use")));

        Tab tab =
                stage.open("#/jobs/stuck")
                        .await("document.querySelector('.why').innerText.includes('16 of 16')");

        assertThat(tab.text(".why")).contains("Waits for quota", "asked again in");
        stage.assertSound();
        tab.picture("job-waiting");
    }

    @Test
    void followsTheOutputUntilSomebodyScrollsUp() {
        JobPage job = stage.job("talks", Stage.RUNNING);
        stage.spate.board().put(job);
        for (int i = 1; i <= 300; i++) {
            write(job, "stdout", "step " + i + "\n");
        }
        write(job, "stderr", "warning: it is late\n");
        Tab tab = stage.open("#/jobs/talks").await("document.querySelectorAll('.l').length >= 301");

        assertThat(isAtEnd(tab)).isTrue();
        assertThat(tab.count(".l.stderr")).isOne();
        tab.picture("job-running");
        tab.evaluate("document.querySelector('.screen').scrollTop = 100");
        tab.await(
                "document.querySelector('.output [aria-pressed]').getAttribute('aria-pressed') === 'false'");
        write(job, "stdout", "step 301\n");
        tab.await("document.querySelectorAll('.l').length >= 302");
        assertThat(tab.evaluate("document.querySelector('.screen').scrollTop").asInt())
                .isEqualTo(100);
        tab.press("f");
        assertThat(isAtEnd(tab)).isTrue();
        tab.size(360, 740).scheme("dark").picture("job-running-phone");
        stage.assertSound();
    }

    private static boolean isAtEnd(Tab tab) {
        return tab.evaluate(
                        "(({scrollTop, clientHeight, scrollHeight}) => scrollHeight - scrollTop - clientHeight < 30)(document.querySelector('.screen'))")
                .asBoolean();
    }

    @Test
    void keepsNoMoreOutputThanAReaderCanUse() {
        JobPage job = stage.job("flood", Stage.RUNNING);
        stage.spate.board().put(job);
        String thousand = "x".repeat(40).concat("\n").repeat(1_000);
        for (int i = 0; i < 12; i++) {
            write(job, "stdout", thousand);
        }

        Tab tab =
                stage.open("#/jobs/flood")
                        .await(
                                "document.querySelector('.told').innerText.startsWith('12,000 lines')");

        assertThat(tab.text(".told")).contains("the last 5,000 are kept here");
        assertThat(tab.count(".l")).isEqualTo(5_000);
        stage.assertSound();
    }

    @Test
    void showsEachMembersOutputByItself() {
        JobPage gang = gang();
        stage.spate.board().put(gang);
        gang.members()
                .forEach(
                        member ->
                                write(
                                        gang,
                                        member.member(),
                                        "stdout",
                                        "I am " + member.member() + "\n"));

        Tab tab =
                stage.open("#/jobs/" + gang.row().id())
                        .await("document.querySelectorAll('.l').length === 1");

        assertThat(tab.text(".lines")).contains("I am server-0");
        tab.evaluate(
                "(() => { const s = document.querySelector('.output select'); s.value = 'client/2'; s.dispatchEvent(new Event('change')); })()");
        tab.await("document.querySelector('.lines').innerText.includes('I am client-2')");
        assertThat(tab.count(".l")).isOne();
        stage.assertSound();
        tab.picture("job-roles");
    }

    private JobPage gang() {
        for (int i = 0; ; i++) {
            JobPage job = stage.job("gang-" + i, Stage.RUNNING);
            if (job.members().size() > 1) {
                return job;
            }
        }
    }

    @Test
    void cancelsWithTheTokenAndSaysWhatIsWrongWithAnother() {
        JobPage job = stage.job("doomed", Stage.RUNNING);
        stage.spate.board().put(job);
        Tab tab = stage.open("#/jobs/doomed");

        tab.click(".danger").await("document.activeElement.id === 'token'");
        tab.type("not-the-token-at-all-0123456789abcdef").press("Enter");
        tab.await(
                "document.querySelector('dialog .problem').innerText.includes('does not know this token')");
        tab.picture("cancel");
        tab.await("document.activeElement.id === 'token'");
        tab.type(InMemorySpate.TOKEN).press("Enter");

        tab.await("!document.querySelector('dialog')");
        assertThat(stage.spate.submissions().cancelled()).containsExactly(new JobId("doomed"));
        tab.await("document.querySelector('.job .danger').innerText === 'Being cancelled'");
        assertThat(tab.evaluate("JSON.stringify({...localStorage})").asText())
                .describedAs("nothing of the token is kept beyond the tab")
                .doesNotContain("token");
        stage.assertSound();
    }

    @Test
    void saysSoIfThereIsNoSuchJob() {
        Tab tab = stage.open("#/jobs/%3Cimg%20src=x%20onerror=alert(1)%3E");

        tab.await("document.querySelector('.job .problem').innerText.length > 0");

        assertThat(tab.text("h1")).isEqualTo("<img src=x onerror=alert(1)>");
        stage.assertSound();
        tab.open(stage.spate.url() + "/#/jobs/nobody");
        tab.await(
                "document.querySelector('.job .problem').innerText.includes('There is no such job')");
    }

    private void write(JobPage job, String stream, String text) {
        write(job, job.members().getFirst().member(), stream, text);
    }

    private void write(JobPage job, Member member, String stream, String text) {
        stage.spate.output().write(job.row().id(), member, 1, stream, text);
    }
}
