package dev.spate.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The script that does on a machine whatever is to be done there, and the command lines that call
 * it. A command line is made of harmless words alone: what a user wrote travels in a tar archive.
 *
 * @param text the script
 * @param version tells it from other versions of itself
 */
record RunScript(String text, String version) {

    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]*");
    private static final int VERSION_BYTES = 8;

    /** The login shell may be of any kind; what is between the quotes is for {@code sh}. */
    private static final String UNPACK =
            """
            exec sh -c 'd=_in/$$ && { ! [ -e .spate/$d ] || rm -rf .spate/$d; } && LC_ALL=C mkdir -p .spate/$d \
            && LC_ALL=C tar -xf - -C .spate/$d \
            && exec sh .spate/$d/run.sh unpacked $d "$@"' spate\
            """;

    /** The one that comes with these classes. */
    static RunScript bundled() {
        try (InputStream in = RunScript.class.getResourceAsStream("run.sh")) {
            byte[] text = Objects.requireNonNull(in, "run.sh").readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
            return new RunScript(
                    new String(text, StandardCharsets.UTF_8),
                    HexFormat.of().formatHex(digest, 0, VERSION_BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Calls the script that is on the machine already. */
    String call(String... words) {
        return "exec sh .spate/_bin/" + version + ".sh" + joined(words);
    }

    /** Unpacks an archive from standard input, which holds the script too, and calls that. */
    String unpackAndCall(String... words) {
        return UNPACK + " " + version + joined(words);
    }

    /** An archive with the script in it, to which more may be added. */
    Tarball tarball() {
        return new Tarball().file("run.sh", Tarball.PLAIN, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String joined(String... words) {
        StringBuilder line = new StringBuilder();
        for (String word : words) {
            if (!HARMLESS.matcher(word).matches()) {
                throw new IllegalArgumentException("word: expected a harmless one, found " + word);
            }
            line.append(' ').append(word);
        }
        return line.toString();
    }
}
