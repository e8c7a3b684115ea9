package dev.spate.web;

import dev.spate.job.Text;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The page and its files, as they are on the class path. A file is read once, for there are few and
 * they do not change.
 */
final class PageRoutes {

    private static final String FOLDER = "page/";
    private static final String INDEX = "index.html";

    /** Segments that begin with a letter: neither a dot file nor a way up. */
    private static final Pattern NAME =
            Pattern.compile("(?:[a-z0-9][a-z0-9_-]*/){0,4}[a-z0-9][a-z0-9._-]{0,80}");

    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "css", "text/css; charset=utf-8",
                    "json", "application/json",
                    "svg", "image/svg+xml",
                    "png", "image/png",
                    "ico", "image/x-icon",
                    "woff2", "font/woff2",
                    "txt", "text/plain; charset=utf-8");

    private final Map<String, PageFile> files = new ConcurrentHashMap<>();

    /**
     * A file as it is sent.
     *
     * @param gzipped the same in less bytes; empty if that would be more
     * @param tag changes with the bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record PageFile(String type, byte[] bytes, Optional<byte[]> gzipped, String tag) {

        static PageFile of(String type, byte[] bytes) {
            Optional<byte[]> gzipped =
                    Optional.of(gzip(bytes)).filter(less -> less.length < bytes.length);
            return new PageFile(type, bytes, gzipped, tag(bytes));
        }

        private static byte[] gzip(byte[] bytes) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(bytes);
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            return out.toByteArray();
        }

        private static String tag(byte[] bytes) {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
                return '"' + HexFormat.of().formatHex(hash, 0, 16) + '"';
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("every Java has SHA-256", impossible);
            }
        }
    }

    void addTo(RoutesConfig routes) {
        add(routes, "/", context -> send(context, INDEX));
        add(routes, "/page/<file>", context -> send(context, context.pathParam("file")));
    }

    /** Javalin by itself answers HEAD without asking, as if there were nothing. */
    private static void add(RoutesConfig routes, String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, handler);
    }

    private void send(Context context, String name) {
        PageFile file =
                find(name)
                        .orElseThrow(
                                () ->
                                        Refused.notFound(
                                                "There is nothing at "
                                                        + Text.quoted(context.path())
                                                        + "."));
        context.header("Cache-Control", "no-cache")
                .header("ETag", file.tag())
                .header("Vary", "Accept-Encoding")
                .contentType(file.type());
        String known = context.header("If-None-Match");
        if (known != null && known.contains(file.tag())) {
            context.status(304);
            return;
        }
        String accepted = context.header("Accept-Encoding");
        // Compressed once for all, not again for each.
        context.disableCompression();
        if (accepted != null && accepted.contains("gzip") && file.gzipped().isPresent()) {
            context.header("Content-Encoding", "gzip").result(file.gzipped().get());
        } else {
            context.result(file.bytes());
        }
    }

    private Optional<PageFile> find(String name) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        return Optional.ofNullable(files.computeIfAbsent(name, missing -> read(missing, type)));
    }

    private static @Nullable PageFile read(String name, String type) {
        try (InputStream in = PageRoutes.class.getResourceAsStream(FOLDER + name)) {
            return in == null ? null : PageFile.of(type, in.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
