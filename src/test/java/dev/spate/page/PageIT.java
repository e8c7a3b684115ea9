package dev.spate.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.board.Board;
import dev.spate.board.JobPage;
import dev.spate.board.Peer;
import dev.spate.board.Stage;
import dev.spate.job.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the page shows on quiet, busy and bad days. Its pictures are in target/screenshots. */
@ExtendWith(OnStage.class)
class PageIT {

    private final PageStage stage;

    PageIT(PageStage stage) {
        this.stage = stage;
    }

    @Test
    void saysSoWhenNothingIsGoingOn() {
        Tab tab = stage.open("").await("document.querySelector('.needs.fine')");

        assertThat(tab.text("h1")).isEqualTo("No job is open");
        assertThat(tab.text(".needs")).isEqualTo("Nothing needs you.");
        tab.await("document.querySelector('.empty').innerText.includes('No jobs yet.')");
        stage.assertSound();
        tab.picture("empty");
        tab.open(stage.spate.url() + "/#/machines")
                .await("document.querySelector('.empty').innerText.includes('No machines.')");
        stage.assertSound();
        tab.picture("empty-machines");
    }

    @Test
    void showsAThousandJobsThatChangeFiftyTimesASecond() {
        stage.spate.fill(1_000);
        stage.spate.changes(50);

        Tab tab = stage.open("").await("document.querySelectorAll('.jobs tbody tr').length === 50");

        tab.await("document.querySelectorAll('.chart rect').length > 10");
        assertThat(tab.text(".range")).isEqualTo("1 – 50 of 1,000");
        assertThat(tab.text("h1")).contains("running", "waiting");
        tab.await("/running.* waiting · Spate memory$/.test(document.title)");
        for (String scheme : List.of("light", "dark")) {
            tab.scheme(scheme).picture("busy-" + scheme);
            stage.assertSound();
        }
        tab.scheme("light").size(360, 740).picture("busy-phone");
        stage.assertSound();
        tab.evaluate("document.querySelector('.list').scrollIntoView()");
        tab.picture("busy-phone-jobs");
        tab.size(800, 900).picture("busy-tablet");
        stage.assertSound();
    }

    @Test
    void changesARowWhereItIs() {
        stage.spate.fill(60);
        JobPage job = stage.job("watched", Stage.PREPARING);
        stage.spate.board().put(job);
        Tab tab = stage.open("").await("document.querySelector('[data-id=watched]')");
        tab.evaluate("document.querySelector('[data-id=watched]').mark = 1");
        double before = top(tab);

        stage.spate.board().put(stage.spate.jobs().further(job, stage.scheduler.now()));

        tab.await("document.querySelector('[data-id=watched]').innerText.includes('running')");
        assertThat(tab.evaluate("document.querySelector('[data-id=watched]').mark").asInt())
                .describedAs("the same row as before")
                .isEqualTo(1);
        assertThat(top(tab)).isEqualTo(before);
        stage.assertSound();
    }

    private static double top(Tab tab) {
        return tab.evaluate("document.querySelector('[data-id=watched]').offsetTop").asDouble();
    }

    @Test
    void countsNewerJobsWhileSomebodyWalksThroughTheTable() {
        stage.spate.fill(20);
        Tab tab = stage.open("").await("document.querySelectorAll('.jobs tbody tr').length === 20");
        tab.press("j");

        stage.spate.board().put(stage.job("newcomer", Stage.WAITING));

        tab.await("document.querySelector('.newer').innerText === '1 newer job: show'");
        assertThat(tab.count("[data-id=newcomer]")).isZero();
        tab.click(".newer").await("document.querySelector('[data-id=newcomer]')");
        stage.assertSound();
    }

    @Test
    void tellsWhatIsBroken() {
        stage.spate.health().notReady(List.of("EC2 cannot be reached: connect timed out"));
        for (int i = 0; i < 40; i++) {
            JobPage job = stage.job("stuck-" + i, Stage.WAITING);
            stage.spate
                    .board()
                    .put(
                            stage.why(
                                    job,
                                    new Failure(
                                            i < 30
                                                    ? Failure.Kind.CAPACITY
                                                    : Failure.Kind.INFRASTRUCTURE,
                                            i < 30
                                                    ? "spot/c7i.large/eu-west-1a has no capacity"
                                                    : "EC2: connect timed out")));
        }
        JobPage gone = stage.job("gone", Stage.RELEASED);
        stage.spate
                .board()
                .put(stage.why(gone, new Failure(Failure.Kind.LOST, "i-0abc was taken back")));

        Tab tab = stage.open("").await("document.querySelectorAll('.needs li').length === 4");

        assertThat(tab.text(".needs"))
                .contains("This worker takes no jobs: EC2 cannot be reached: connect timed out")
                .contains("30 jobs wait for machines: the cloud has none to give")
                .contains("spot/c7i.large/eu-west-1a has no capacity")
                .contains("10 jobs wait: trouble with network, cloud or machines")
                .contains("1 job was lost with its machine in the last 3 h");
        stage.assertSound();
        tab.picture("broken");
        tab.size(360, 740).scheme("dark").picture("broken-phone");
        stage.assertSound();
    }

    @Test
    void saysHowFarBehindABoardIsThatIsRestoring() {
        Board.State ready = stage.spate.board().state();
        stage.spate.board().put(stage.job("kept", Stage.RUNNING));
        stage.spate.board().be(new Board.State.Restoring(48_210));

        Tab tab = stage.tab.open(stage.spate.url());

        tab.await("document.getElementById('banner')?.innerText.includes('48,210 records behind')");
        assertThat(tab.text("#link-text")).isEqualTo("not ready");
        tab.picture("restoring");
        stage.assertSound();
        stage.spate.board().be(ready);
        tab.await("document.querySelector('[data-id=kept]') && !document.getElementById('banner')");
        stage.assertSound();
    }

    @Test
    void saysWhyThereIsNoBoard() {
        stage.spate
                .board()
                .be(new Board.State.Failed("topic spate.journal: no permission to read"));

        Tab tab = stage.tab.open(stage.spate.url());

        tab.await(
                "document.getElementById('banner')?.innerText"
                        + " === 'The board has failed: topic spate.journal: no permission to read. It"
                        + " is tried again by itself.'");
        stage.assertSound();
    }

    @Test
    void namesWorkersWhoseJobsAreMissing() {
        Peer nobody = new Peer("127.0.0.1", 1);
        stage.spate.board().peers(List.of(stage.spate.self(), nobody), Optional.of(nobody));

        Tab tab =
                stage.open("")
                        .await(
                                "document.querySelector('.needs').innerText.includes('127.0.0.1:1')");

        assertThat(tab.text(".needs"))
                .contains("1 worker does not answer, and what it has is missing here");
        tab.evaluate("location.hash = '#/machines'");
        tab.await("document.querySelector('.problem').innerText.includes('127.0.0.1:1')");
    }

    @Test
    void saysSoIfTheAddressAsksForNonsense() {
        stage.spate.fill(10);

        Tab tab = stage.open("#/?state=__proto__");

        tab.await("document.querySelector('.list .problem').innerText.includes('state')");
        stage.assertSound();
        tab.evaluate("location.hash = '#/'");
        tab.await("document.querySelectorAll('.jobs tbody tr').length === 10");
    }

    @Test
    void showsOnlyTheJobsThatAreAskedFor() {
        stage.spate.fill(200);
        Tab tab = stage.open("").await("document.querySelectorAll('.jobs tbody tr').length === 50");

        tab.click(".tile:nth-child(4)").await("location.hash === '#/?state=running'");

        tab.await(
                "[...document.querySelectorAll('.jobs .c-state')].slice(1).every((cell) => cell.innerText"
                        + " === 'running')");
        assertThat(tab.count("select.chosen")).isOne();
        tab.evaluate("location.hash = '#/?q=nothing-is-called-that'");
        tab.await("document.querySelector('.empty').innerText.includes('No job is like that.')");
        tab.click(".empty a").await("document.querySelectorAll('.jobs tbody tr').length === 50");
        stage.assertSound();
    }

    @Test
    void saysSinceWhenItIsNotConnectedAndComesBack() {
        stage.spate.board().put(stage.job("before", Stage.RUNNING));
        Tab tab = stage.open("").await("document.querySelector('[data-id=before]')");
        int port = stage.spate.server().port();

        stage.stop();

        tab.await(
                "/^not connected since ..:..:..$/.test(document.getElementById('link-text').innerText)");
        tab.await("document.getElementById('banner').innerText.includes('does not answer')");
        tab.await("document.title === 'not connected · Spate memory'");
        assertThat(tab.count("[data-id=before]")).describedAs("what was known stays").isOne();
        tab.picture("disconnected");
        stage.assertSound();
        stage.restart(port);
        stage.spate.board().put(stage.job("after", Stage.RUNNING));
        tab.await(
                "document.querySelector('.link.live') && document.querySelector('[data-id=after]')");
        stage.assertSound();
    }

    @Test
    void saysOfWhenItIsWhileKafkaIsAway() {
        stage.spate.board().put(stage.job("before", Stage.RUNNING));
        Tab tab = stage.open("").await("document.querySelector('[data-id=before]')");

        stage.spate.board().growStale(stage.scheduler.now());

        tab.await("/^as of ..:..:..$/.test(document.getElementById('link-text').innerText)");
        tab.await("document.getElementById('banner').innerText.includes('nothing from Kafka')");
        tab.await("document.title === 'not up to date · Spate memory'");
        stage.assertSound();
        stage.spate.board().miss();
        tab.await("document.querySelector('.link.live') && !document.getElementById('banner')");
    }

    @Test
    void hangsUpWhileNobodyLooks() throws Exception {
        Tab tab = stage.open("");
        assertThat(stage.spate.server().streams()).isOne();

        hide(tab, true);

        awaitStreams(0);
        hide(tab, false);
        tab.await("document.querySelector('.link.live')");
        awaitStreams(1);
    }

    private static void hide(Tab tab, boolean isHidden) {
        tab.evaluate(
                "Object.defineProperty(document, 'hidden', {configurable: true, value: "
                        + isHidden
                        + "}); document.dispatchEvent(new Event('visibilitychange'))");
    }

    private void awaitStreams(int count) throws InterruptedException {
        for (int i = 0; i < 200 && stage.spate.server().streams() != count; i++) {
            // Only who writes notices that nobody is there any more.
            stage.spate.board().put(stage.job("job-" + i, Stage.WAITING));
            stage.scheduler.sleep(Duration.ofMillis(50));
        }
        assertThat(stage.spate.server().streams()).isEqualTo(count);
    }

    @Test
    void showsMachinesWithLeaseAndPrice() {
        stage.spate.fill(100);

        Tab tab = stage.open("#/machines");

        int machines = stage.spate.machines().size();
        tab.await("document.querySelectorAll('.machines tbody tr').length === " + machines);
        assertThat(tab.text("h1")).isEqualTo(machines + " machines");
        assertThat(tab.text(".rate")).contains("5 have no job", "an hour");
        stage.assertSound();
        tab.picture("machines");
        tab.size(360, 740).picture("machines-phone");
        stage.assertSound();
    }
}
