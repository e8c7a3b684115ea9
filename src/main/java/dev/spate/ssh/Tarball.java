package dev.spate.ssh;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An archive in tar's ustar format, with GNU's long names: what every {@code tar} reads. Times are
 * zero and owners root, which {@code tar} ignores unless it is run by root.
 *
 * @see <a href="https://www.gnu.org/software/tar/manual/html_node/Standard.html">the format</a>
 */
final class Tarball {

    /** The mode of a file that anybody may read. */
    static final int PLAIN = 0644;

    /** The mode of a file that anybody may run. */
    static final int EXECUTABLE = 0755;

    /** The mode of a file that nobody else may read. */
    static final int PRIVATE = 0600;

    private static final int BLOCK_BYTES = 512;
    private static final int NAME_BYTES_MAX = 100;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Adds a file; directories on the way to it come by themselves. */
    Tarball file(String name, int mode, byte[] content) {
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        if (nameBytes.length > NAME_BYTES_MAX) {
            byte[] ended = Arrays.copyOf(nameBytes, nameBytes.length + 1);
            entry("././@LongLink".getBytes(StandardCharsets.US_ASCII), 'L', 0, ended);
        }
        entry(nameBytes, '0', mode, content);
        return this;
    }

    /** Adds an empty directory. */
    Tarball directory(String name) {
        entry((name + "/").getBytes(StandardCharsets.US_ASCII), '5', EXECUTABLE, new byte[0]);
        return this;
    }

    /** The whole archive. */
    byte[] toBytes() {
        byte[] archive = bytes.toByteArray();
        return Arrays.copyOf(archive, archive.length + 2 * BLOCK_BYTES);
    }

    private void entry(byte[] name, char type, int mode, byte[] content) {
        byte[] header = new byte[BLOCK_BYTES];
        System.arraycopy(name, 0, header, 0, Math.min(name.length, NAME_BYTES_MAX));
        octal(header, 100, 8, mode);
        octal(header, 108, 8, 0);
        octal(header, 116, 8, 0);
        octal(header, 124, 12, content.length);
        octal(header, 136, 12, 0);
        header[156] = (byte) type;
        ascii(header, 257, "ustar\00000");
        // The checksum is taken with blanks in its own place.
        ascii(header, 148, " ".repeat(8));
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        octal(header, 148, 7, sum);
        bytes.writeBytes(header);
        bytes.writeBytes(content);
        bytes.writeBytes(new byte[Math.floorMod(-content.length, BLOCK_BYTES)]);
    }

    private static void octal(byte[] header, int at, int width, long value) {
        String digits = Long.toOctalString(value);
        ascii(header, at, "0".repeat(width - 1 - digits.length()) + digits + "\0");
    }

    private static void ascii(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
