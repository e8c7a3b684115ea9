import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Copies jars without what a container never needs: native libraries of other platforms, all of
 * RocksDB's (the board keeps its tables in memory), the names of local variables, which only
 * debuggers ask for, and signatures, which nobody checks and which keep classes out of the JVM's
 * cache. Line numbers stay.
 *
 * <pre>java LeanJars.java FROM TO</pre>
 */
final class LeanJars {

    private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dll|dylib|jnilib|a|sha1)");
    private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");
    /** Of the SDK, which is called without blocking and page by page. */
    private static final Pattern UNUSED =
            Pattern.compile(
                    "software/amazon/awssdk/services/ec2/(paginators/.*|waiters/.*|DefaultEc2Client.*)");

    private static final Set<String> NAMES = Set.of("LocalVariableTable", "LocalVariableTypeTable");

    private LeanJars() {}

    public static void main(String[] arguments) throws IOException {
        Path to = Files.createDirectories(Path.of(arguments[1]));
        try (Stream<Path> jars = Files.list(Path.of(arguments[0]))) {
            for (Path jar : jars.sorted().toList()) {
                copy(jar, to.resolve(jar.getFileName().toString()), ours());
            }
        }
    }

    /** The folders that libraries for this platform are in, as the jars call them. */
    private static Pattern ours() {
        return switch (System.getProperty("os.arch")) {
            case "amd64" -> Pattern.compile(".*(/linux/amd64/|/Linux/x86_64/).*");
            case "aarch64" -> Pattern.compile(".*(/linux/aarch64/|/Linux/(aarch64|arm64)/).*");
            case String other ->
                    throw new IllegalStateException("no native libraries are known for " + other);
        };
    }

    private static void copy(Path from, Path to, Pattern ours) throws IOException {
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(from));
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
            out.setLevel(Deflater.BEST_COMPRESSION);
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String name = entry.getName();
                boolean isForeign =
                        NATIVE.matcher(name).matches() && !ours.matcher("/" + name).matches();
                if (isForeign
                        || entry.isDirectory()
                        || SIGNATURE.matcher(name).matches()
                        || UNUSED.matcher(name).matches()) {
                    continue;
                }
                byte[] bytes = in.readAllBytes();
                ZipEntry copy = new ZipEntry(name);
                copy.setTime(0);
                out.putNextEntry(copy);
                out.write(name.endsWith(".class") ? lean(bytes) : bytes);
            }
        }
    }

    /** A class file without the names of local variables; JVMS 4.1 says what is where. */
    private static byte[] lean(byte[] file) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(file));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(file.length);
        DataOutputStream out = new DataOutputStream(bytes);
        copy(in, out, 8);
        String[] names = constants(in, out);
        copy(in, out, 6);
        copy(in, out, 2 * copyShort(in, out));
        for (int fields = copyShort(in, out); fields > 0; fields--) {
            copy(in, out, 6);
            attributes(in, out, names);
        }
        for (int methods = copyShort(in, out); methods > 0; methods--) {
            copy(in, out, 6);
            attributes(in, out, names);
        }
        in.transferTo(out);
        return bytes.toByteArray();
    }

    /** The texts among the constants, by their number. */
    private static String[] constants(DataInputStream in, DataOutputStream out) throws IOException {
        String[] names = new String[copyShort(in, out)];
        for (int i = 1; i < names.length; i++) {
            int tag = in.readUnsignedByte();
            out.writeByte(tag);
            switch (tag) {
                case 1 -> {
                    int length = copyShort(in, out);
                    byte[] text = in.readNBytes(length);
                    out.write(text);
                    names[i] = new String(text, UTF_8);
                }
                case 7, 8, 16, 19, 20 -> copy(in, out, 2);
                case 15 -> copy(in, out, 3);
                case 3, 4, 9, 10, 11, 12, 17, 18 -> copy(in, out, 4);
                case 5, 6 -> {
                    copy(in, out, 8);
                    i++; // These two take two places.
                }
                default -> throw new IOException("expected a constant, found tag " + tag);
            }
        }
        return names;
    }

    private static void attributes(DataInputStream in, DataOutputStream out, String[] names)
            throws IOException {
        int count = in.readUnsignedShort();
        int kept = 0;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream attributes = new DataOutputStream(bytes);
        for (int i = 0; i < count; i++) {
            int number = in.readUnsignedShort();
            byte[] content = in.readNBytes(in.readInt());
            String name = names[number];
            if (NAMES.contains(name)) {
                continue;
            }
            byte[] lean = name.equals("Code") ? code(content, names) : content;
            attributes.writeShort(number);
            attributes.writeInt(lean.length);
            attributes.write(lean);
            kept++;
        }
        out.writeShort(kept);
        bytes.writeTo(out);
    }

    private static byte[] code(byte[] content, String[] names) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(content.length);
        DataOutputStream out = new DataOutputStream(bytes);
        copy(in, out, 4);
        int length = in.readInt();
        out.writeInt(length);
        copy(in, out, length);
        copy(in, out, 8 * copyShort(in, out));
        attributes(in, out, names);
        return bytes.toByteArray();
    }

    private static int copyShort(DataInputStream in, DataOutputStream out) throws IOException {
        int value = in.readUnsignedShort();
        out.writeShort(value);
        return value;
    }

    private static void copy(DataInputStream in, DataOutputStream out, int length)
            throws IOException {
        out.write(in.readNBytes(length));
    }
}
