package dev.spate.local;

import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * {@code PUT /settings/NAME}: changes the weather. No web page can send a PUT here unasked, as it
 * could a POST.
 *
 * @param settings told what is to be changed, and to what
 */
record SettingsPage(BiConsumer<String, String> settings, CloudLog log) implements LocalHttp.Page {

    static final String PATH = "/settings/";

    @Override
    public Optional<LocalHttp.Reply> answer(LocalHttp.Request request) {
        if (!request.method().equals("PUT")) {
            return Optional.of(
                    LocalHttp.Reply.plain(405, "PUT " + PATH + "NAME, the value as the body.\n"));
        }
        String name = request.path().substring(PATH.length());
        String value = request.body().strip();
        try {
            settings.accept(name, value);
        } catch (IllegalArgumentException wrong) {
            return Optional.of(LocalHttp.Reply.plain(400, wrong.getMessage() + "\n"));
        }
        log.write("setting", Map.of("name", name, "value", value));
        return Optional.of(LocalHttp.Reply.plain(200, ""));
    }
}
