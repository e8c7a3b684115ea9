package dev.spate.local;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What a machine is told at its launch: the part of cloud-init's {@code #cloud-config} that this
 * cloud carries out. As in cloud-init, what cannot be read is reported on the console and the
 * machine boots without it.
 *
 * @param hostKey the Ed25519 private key planted as {@code ssh_keys.ed25519_private}, an OpenSSH
 *     file
 * @param users who may log in
 * @param bootCommands run at every boot, before sshd listens
 * @param runCommands run at the first boot, after sshd listens
 * @param files written at the first boot, before sshd listens
 * @param script user data that is a script ({@code #!}); run at the first boot, last
 * @param complaints what could not be read
 * @see <a href="https://cloudinit.readthedocs.io/en/latest/reference/modules.html">cloud-init's
 *     modules</a>
 */
record UserData(
        Optional<String> hostKey,
        List<User> users,
        List<List<String>> bootCommands,
        List<List<String>> runCommands,
        List<WrittenFile> files,
        Optional<String> script,
        List<String> complaints) {

    /** Someone who may log in with any of these keys, lines of an {@code authorized_keys} file. */
    record User(String name, List<String> authorizedKeys) {}

    /**
     * A file to write.
     *
     * @param path absolute; the machine's directory stands for its root
     * @param permissions octal digits
     */
    record WrittenFile(String path, ByteBuffer content, String permissions, boolean isAppended) {
        byte[] bytes() {
            byte[] bytes = new byte[content.remaining()];
            content.duplicate().get(bytes);
            return bytes;
        }
    }

    /**
     * Reads user data.
     *
     * @param base64 as {@code RunInstances} takes it; null = none
     * @param imageLogin the user whom the image creates by default
     */
    static UserData parse(@Nullable String base64, String imageLogin) {
        if (base64 == null || base64.isBlank()) {
            return nothing(imageLogin, List.of());
        }
        String text;
        try {
            text = new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiException.client("InvalidUserData.Malformed", "Invalid BASE64 encoding");
        }
        if (text.startsWith("#!")) {
            UserData bare = nothing(imageLogin, List.of());
            return new UserData(
                    bare.hostKey,
                    bare.users,
                    bare.bootCommands,
                    bare.runCommands,
                    bare.files,
                    Optional.of(text),
                    bare.complaints);
        }
        if (!text.startsWith("#cloud-config")) {
            return nothing(imageLogin, List.of("Unhandled non-multipart userdata"));
        }
        try {
            Object yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
            return yaml instanceof Map<?, ?> map
                    ? cloudConfig(map, imageLogin)
                    : nothing(imageLogin, List.of("cloud-config is not a mapping"));
        } catch (YAMLException e) {
            return nothing(imageLogin, List.of("Failed loading yaml blob. " + e.getMessage()));
        }
    }

    private static UserData nothing(String imageLogin, List<String> complaints) {
        return new UserData(
                Optional.empty(),
                List.of(new User(imageLogin, List.of())),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                complaints);
    }

    private static UserData cloudConfig(Map<?, ?> map, String imageLogin) {
        Optional<String> hostKey =
                map.get("ssh_keys") instanceof Map<?, ?> keys
                        ? text(keys.get("ed25519_private"))
                        : Optional.empty();
        List<String> complaints = new ArrayList<>();
        return new UserData(
                hostKey,
                users(map, imageLogin),
                commands(map.get("bootcmd"), complaints),
                commands(map.get("runcmd"), complaints),
                files(map.get("write_files"), complaints),
                Optional.empty(),
                complaints);
    }

    /**
     * Without {@code users} there is the image's user; with it only if {@code default} is named.
     */
    private static List<User> users(Map<?, ?> map, String imageLogin) {
        User imageUser = new User(imageLogin, texts(map.get("ssh_authorized_keys")));
        if (!(map.get("users") instanceof List<?> list)) {
            return List.of(imageUser);
        }
        List<User> users = new ArrayList<>();
        for (Object item : list) {
            if (item instanceof Map<?, ?> user && text(user.get("name")).isPresent()) {
                users.add(
                        new User(
                                text(user.get("name")).get(),
                                texts(user.get("ssh_authorized_keys"))));
            } else if (item instanceof String name) {
                users.add(name.equals("default") ? imageUser : new User(name, List.of()));
            }
        }
        return List.copyOf(users);
    }

    /** A text is for the shell, a list is for exec. */
    private static List<List<String>> commands(@Nullable Object value, List<String> complaints) {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            complaints.add("bootcmd and runcmd must be lists");
            return List.of();
        }
        List<List<String>> commands = new ArrayList<>();
        for (Object item : list) {
            if (item instanceof String shell) {
                commands.add(List.of("sh", "-c", shell));
            } else if (item instanceof List<?> words) {
                commands.add(words.stream().map(String::valueOf).toList());
            } else {
                complaints.add("neither a text nor a list: " + item);
            }
        }
        return List.copyOf(commands);
    }

    private static List<WrittenFile> files(@Nullable Object value, List<String> complaints) {
        if (!(value instanceof List<?> list)) {
            return List.of();
        }
        List<WrittenFile> files = new ArrayList<>();
        for (Object item : list) {
            if (!(item instanceof Map<?, ?> file) || text(file.get("path")).isEmpty()) {
                complaints.add("write_files needs a path: " + item);
                continue;
            }
            String content = text(file.get("content")).orElse("");
            String encoding = text(file.get("encoding")).orElse("");
            byte[] bytes;
            try {
                bytes =
                        encoding.equals("b64") || encoding.equals("base64")
                                ? Base64.getMimeDecoder().decode(content)
                                : content.getBytes(StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                complaints.add("write_files cannot decode " + file.get("path"));
                continue;
            }
            files.add(
                    new WrittenFile(
                            text(file.get("path")).get(),
                            ByteBuffer.wrap(bytes).asReadOnlyBuffer(),
                            permissions(file.get("permissions")),
                            Boolean.TRUE.equals(file.get("append"))));
        }
        return List.copyOf(files);
    }

    /** An unquoted 0644 is an octal number to YAML 1.1. */
    private static String permissions(@Nullable Object value) {
        String octal =
                value instanceof Integer number
                        ? Integer.toOctalString(number)
                        : text(value).orElse("0644");
        return octal.matches("[0-7]{1,4}") ? octal : "0644";
    }

    private static Optional<String> text(@Nullable Object value) {
        return value == null ? Optional.empty() : Optional.of(value.toString());
    }

    private static List<String> texts(@Nullable Object value) {
        return switch (value) {
            case List<?> list -> list.stream().map(String::valueOf).toList();
            case String one -> List.of(one);
            case null, default -> List.of();
        };
    }
}
