package dev.spate.web;

import dev.spate.job.Text;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * On loopback, refuses requests that were meant for somebody else: a page from anywhere may have
 * its own name lead here (DNS rebinding), and would read what only this machine is to see.
 */
final class OwnNames {

    private static final Pattern PORT = Pattern.compile(":[0-9]*$");

    private final boolean isOnLoopback;
    private final Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));

    OwnNames(HttpSettings settings) {
        String host = settings.host();
        isOnLoopback = host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
        names.add(host);
        settings.advertisedHost().map(OwnNames::plain).ifPresent(names::add);
    }

    void addTo(RoutesConfig routes) {
        if (isOnLoopback) {
            routes.before(this::check);
        }
    }

    private void check(Context context) {
        String host = context.host();
        // No browser leaves it out.
        if (host != null && !names.contains(plain(PORT.matcher(host).replaceFirst("")))) {
            throw Refused.misdirected(
                    "This worker is not "
                            + Text.quoted(host)
                            + "; if it is to answer to that name, set http.advertised-host.");
        }
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
