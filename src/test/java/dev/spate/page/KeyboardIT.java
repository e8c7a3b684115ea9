package dev.spate.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.board.Stage;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page without a mouse, and for those who do not see it. */
@ExtendWith(OnStage.class)
class KeyboardIT {

    private final PageStage stage;

    KeyboardIT(PageStage stage) {
        this.stage = stage;
        stage.spate.fill(120);
        stage.spate.board().put(stage.job("second", Stage.RUNNING));
        stage.spate.board().put(stage.job("first", Stage.RUNNING));
    }

    @Test
    void walksThroughTheTableIntoAJobAndBack() {
        Tab tab = stage.open("").await("document.querySelector('[data-id=second]')");

        tab.press("j", "j").await("document.activeElement.innerText === 'second'");
        tab.picture("keyboard");
        tab.press("k").await("document.activeElement.innerText === 'first'");
        tab.press("ArrowDown").await("document.activeElement.innerText === 'second'");
        tab.press("Enter").await("document.querySelector('.job h1')?.innerText === 'second'");
        tab.press("Escape").await("document.activeElement.innerText === 'second'");
        stage.assertSound();
    }

    @Test
    void searchesAndTurnsPages() {
        Tab tab =
                stage.open("")
                        .await("document.querySelector('.range').innerText === '1 – 50 of 122'");

        tab.press("n").await("document.querySelector('.range').innerText === '51 – 100 of 122'");
        tab.press("n").await("document.querySelector('.range').innerText === '101 – 122 of 122'");
        tab.press("p").await("document.querySelector('.range').innerText === '51 – 100 of 122'");
        tab.press("/").await("document.activeElement.id === 'search'");
        tab.type("seco").await("location.hash === '#/?q=seco'");
        tab.await("document.querySelector('.range').innerText === '1 – 1 of 1'");
        tab.press("Escape").await("location.hash === '#/'");
        tab.await("document.querySelector('.range').innerText === '1 – 50 of 122'");
        tab.press("Escape", "2").await("document.querySelector('.machines')");
        tab.press("1").await("document.querySelector('.jobs')");
        stage.assertSound();
    }

    @Test
    void showsTheKeysAndChangesTheColours() {
        Tab tab = stage.open("");

        tab.press("?").await("document.querySelector('dialog.keys[open]')");
        tab.picture("keys");
        tab.press("Escape").await("!document.querySelector('dialog')");
        tab.press("t").await("document.documentElement.dataset.theme === 'dark'");
        tab.press("t").await("document.documentElement.dataset.theme === 'light'");
        stage.assertSound();
    }

    @Test
    void beginsWithALinkToTheContent() {
        Tab tab = stage.open("");

        tab.press("Tab").await("document.activeElement.id === 'skip'");

        tab.await("document.activeElement.getBoundingClientRect().top >= 0");
        tab.press("Enter").await("document.activeElement.id === 'main'");
    }

    @Test
    void readsAChartWithTheArrowKeys() {
        Tab tab = stage.open("").await("document.querySelectorAll('.chart rect').length > 3");
        tab.evaluate("document.querySelector('.chart').focus()");
        String latest = tab.text(".readout");

        tab.press("ArrowLeft");

        assertThat(tab.text(".readout")).isNotEqualTo(latest).contains(" – ");
        assertThat(
                        tab.evaluate(
                                        "document.querySelector('.chart').getAttribute('aria-valuetext')")
                                .asText())
                .isEqualTo(tab.text(".readout"));
        tab.click(".figures summary")
                .await("document.querySelectorAll('.figures tbody tr').length > 30");
    }

    @Test
    void hasANameForEverythingThatCanBeUsed() {
        stage.spate.board().put(stage.job("named", Stage.RUNNING));
        Map<String, String> shown =
                Map.of(
                        "", ".jobs tbody tr",
                        "#/machines", ".machines tbody tr",
                        "#/jobs/named", ".members tbody tr");
        for (String view : shown.keySet()) {
            Tab tab = stage.open(view).await("document.querySelector('" + shown.get(view) + "')");

            tab.call("Accessibility.enable", Map.of());
            for (JsonNode node : tab.call("Accessibility.getFullAXTree", Map.of()).path("nodes")) {
                String role = node.path("role").path("value").asText();
                if (Set.of("button", "link", "combobox", "searchbox", "slider", "image", "table")
                                .contains(role)
                        && !node.path("ignored").asBoolean()) {
                    assertThat(node.path("name").path("value").asText())
                            .describedAs("the name of a %s at %s", role, view)
                            .isNotBlank();
                }
            }
        }
    }

    @Test
    void canBeReadInLightAndDark() {
        Tab tab = stage.open("");
        for (String scheme : new String[] {"light", "dark"}) {
            tab.scheme(scheme);
            for (String text : new String[] {"--ink", "--quiet", "--accent", "--alarm"}) {
                for (String ground : new String[] {"--paper", "--surface", "--hover"}) {
                    assertThat(contrast(tab, text, ground))
                            .describedAs("contrast of %s on %s, %s", text, ground, scheme)
                            .isGreaterThanOrEqualTo(4.5);
                }
            }
        }
    }

    /** By the formula of the Web Content Accessibility Guidelines 2.2. */
    private static double contrast(Tab tab, String text, String ground) {
        return tab.evaluate(
                        """
                        (() => {
                          const light = (name) => {
                            const shown = document.body.appendChild(document.createElement("i"));
                            shown.style.color = `var(${name})`;
                            const [r, g, b] = getComputedStyle(shown).color.match(/[0-9]+/g)
                              .map((c) => c / 255)
                              .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
                            shown.remove();
                            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
                          };
                          const [a, b] = [light("%s"), light("%s")].sort((x, y) => y - x);
                          return (a + 0.05) / (b + 0.05);
                        })()"""
                                .formatted(text, ground))
                .asDouble();
    }
}
