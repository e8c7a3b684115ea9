package dev.spate.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A tab of the browser: goes somewhere, looks, presses keys, and keeps what the browser complains
 * of. Safe for any thread.
 */
public final class Tab implements AutoCloseable {

    private static final int AWAIT_MILLIS = 10_000;

    /** Told by the browser for every answer that is an error; the page tells its reader itself. */
    private static final String NETWORK = "network";

    private final DevTools tools;
    private final String session;
    private final String target;
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final Queue<String> heap = new ConcurrentLinkedQueue<>();

    Tab(DevTools tools, String session, String target) {
        this.tools = tools;
        this.session = session;
        this.target = target;
        tools.listen(session, this::hear);
        for (String domain : List.of("Page", "Runtime", "Log", "Performance")) {
            call(domain + ".enable", Map.of());
        }
    }

    private void hear(String method, JsonNode event) {
        switch (method) {
            case "HeapProfiler.addHeapSnapshotChunk" -> heap.add(event.path("chunk").asText());
            case "Runtime.exceptionThrown" -> complaints.add(event.toString());
            case "Runtime.consoleAPICalled" -> complaints.add("console: " + event.path("args"));
            // A breach of the Content-Security-Policy is told here, too.
            case "Log.entryAdded" -> {
                JsonNode entry = event.path("entry");
                if (!entry.path("source").asText().equals(NETWORK)) {
                    complaints.add(entry.path("source").asText() + ": " + entry.path("text"));
                }
            }
            // A dialog of a script would hold up everything.
            case "Page.javascriptDialogOpening" -> complaints.add("dialog: " + event);
            default -> {}
        }
    }

    /** What a script threw or wrote to the console, and what the browser refused to do. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    JsonNode call(String method, Map<String, ?> parameters) {
        return tools.call(session, method, parameters);
    }

    /** Goes there; returns when the document and its scripts are loaded. */
    public Tab open(String url) {
        call("Page.navigate", Map.of("url", url));
        await("document.readyState === 'complete' && location.href !== 'about:blank'");
        return this;
    }

    /** The value of an expression; promises are waited for. */
    public JsonNode evaluate(String expression) {
        JsonNode answer =
                call(
                        "Runtime.evaluate",
                        Map.of(
                                "expression",
                                expression,
                                "awaitPromise",
                                true,
                                "returnByValue",
                                true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
        }
        return answer.path("result").path("value");
    }

    /** The text of the first element of that kind; empty if there is none. */
    public String text(String selector) {
        return evaluate("document.querySelector(`" + selector + "`)?.innerText ?? ''").asText();
    }

    /** How many elements of that kind there are. */
    public int count(String selector) {
        return evaluate("document.querySelectorAll(`" + selector + "`).length").asInt();
    }

    /**
     * Waits until an expression is true, ten seconds at most.
     *
     * @throws AssertionError if it does not become true
     */
    public Tab await(String condition) {
        String script =
                """
                new Promise((done) => {
                  const end = performance.now() + %d;
                  const look = () => {
                    let isSo = false;
                    try { isSo = Boolean(%s); } catch { }
                    if (isSo || performance.now() > end) done(isSo); else setTimeout(look, 20);
                  };
                  look();
                })"""
                        .formatted(AWAIT_MILLIS, condition);
        boolean isSo;
        try {
            isSo = evaluate(script).asBoolean();
        } catch (AssertionError navigated) {
            // The document it was looked for in is gone: look in the one that came.
            isSo = evaluate(script).asBoolean();
        }
        if (!isSo) {
            throw new AssertionError(
                    "expected to become true: "
                            + condition
                            + "; the page says:\n"
                            + evaluate("document.body.innerText.slice(0, 2000)").asText()
                            + "\n"
                            + complaints);
        }
        return this;
    }

    /** Clicks the first element of that kind, where it is on the screen. */
    public Tab click(String selector) {
        await("document.querySelector(`" + selector + "`)?.getClientRects().length");
        JsonNode place =
                evaluate(
                        """
                        (() => {
                          const node = document.querySelector(`%s`);
                          node.scrollIntoView({block: "nearest"});
                          const {x, y, width, height} = node.getBoundingClientRect();
                          return {x: x + width / 2, y: y + height / 2};
                        })()"""
                                .formatted(selector));
        for (String type : List.of("mousePressed", "mouseReleased")) {
            call(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            type,
                            "x",
                            place.get("x").asDouble(),
                            "y",
                            place.get("y").asDouble(),
                            "button",
                            "left",
                            "clickCount",
                            1));
        }
        return this;
    }

    /** Presses keys, one after the other: characters, or names such as {@code Enter}. */
    public Tab press(String... keys) {
        for (String key : keys) {
            boolean isCharacter = key.length() == 1;
            String text = key.equals("Enter") ? "\r" : isCharacter ? key : "";
            int code =
                    switch (key) {
                        case "Enter" -> 13;
                        case "Escape" -> 27;
                        case "Tab" -> 9;
                        case "ArrowUp" -> 38;
                        case "ArrowDown" -> 40;
                        case "ArrowLeft" -> 37;
                        case "ArrowRight" -> 39;
                        default -> isCharacter ? Character.toUpperCase(key.charAt(0)) : 0;
                    };
            for (String type : List.of("keyDown", "keyUp")) {
                call(
                        "Input.dispatchKeyEvent",
                        Map.of(
                                "type",
                                type,
                                "key",
                                key,
                                "text",
                                type.equals("keyDown") ? text : "",
                                "windowsVirtualKeyCode",
                                code));
            }
        }
        return this;
    }

    /** Types a text. */
    public Tab type(String text) {
        call("Input.insertText", Map.of("text", text));
        return this;
    }

    /** The window's size in pixels; narrow ones are a phone's. */
    public Tab size(int width, int height) {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        width,
                        "height",
                        height,
                        "deviceScaleFactor",
                        1,
                        "mobile",
                        width < 600));
        return this;
    }

    /** What the system says of the reader's taste: {@code dark} or {@code light}. */
    public Tab scheme(String value) {
        call(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", value))));
        return this;
    }

    /** All that scripts hold, and nothing that nobody holds any more, in V8's own form of JSON. */
    public String heapSnapshot() {
        heap.clear();
        call("HeapProfiler.takeHeapSnapshot", Map.of("reportProgress", false));
        return String.join("", heap);
    }

    /** One of the browser's own figures, such as {@code Nodes}. */
    public double figure(String name) {
        for (JsonNode metric : call("Performance.getMetrics", Map.of()).path("metrics")) {
            if (metric.path("name").asText().equals(name)) {
                return metric.path("value").asDouble();
            }
        }
        throw new AssertionError("expected a figure " + name);
    }

    /** A picture of what is to be seen, at {@code target/screenshots/NAME.png}. */
    public Path picture(String name) {
        byte[] png =
                Base64.getDecoder()
                        .decode(
                                call("Page.captureScreenshot", Map.of("format", "png"))
                                        .required("data")
                                        .asText());
        Path file = Path.of("target", "screenshots", name + ".png");
        try {
            Files.createDirectories(file.getParent());
            return Files.write(file, png);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        tools.call("", "Target.closeTarget", Map.of("targetId", target));
    }
}
