package dev.spate.job;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A set of equal machines within a job, and what each of them does.
 *
 * @param name the role's name
 * @param count how many machines; 1 to 100
 * @param isBackground whether it is stopped when the roles that are not have ended
 * @param machine what kind of machine
 * @param setup a shell script that prepares the machine, once for a machine however many jobs it
 *     serves; must bear being run again
 * @param run a shell script: the job itself
 * @param env environment variables for both scripts; none may start with {@code SPATE_}
 * @param files put into the working directory first
 * @param outputs fetched from the working directory afterwards
 */
public record Role(
        RoleName name,
        int count,
        boolean isBackground,
        MachineSpec machine,
        Optional<String> setup,
        String run,
        SortedMap<String, String> env,
        List<InputFile> files,
        List<RelativePath> outputs) {

    /** The most machines a role has. */
    public static final int COUNT_MAX = 100;

    private static final int ENTRIES_MAX = 200;
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    public Role {
        env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
        files = List.copyOf(files);
        outputs = List.copyOf(outputs);
        if (count < 1 || count > COUNT_MAX) {
            throw new IllegalArgumentException(
                    "count: expected 1 to " + COUNT_MAX + ", found " + count);
        }
        if (run.isBlank()) {
            throw new IllegalArgumentException("run: expected a command, found nothing");
        }
        requireNoNul("run", run);
        setup.ifPresent(text -> requireNoNul("setup", text));
        requireSize("env", env.size());
        requireSize("files", files.size());
        requireSize("outputs", outputs.size());
        env.forEach(Role::requireVariable);
        Set<RelativePath> seen = new HashSet<>();
        for (InputFile file : files) {
            if (!seen.add(file.path())) {
                throw new IllegalArgumentException(
                        "files: path " + Text.quoted(file.path().value()) + " appears twice");
            }
        }
    }

    private static void requireSize(String field, int size) {
        if (size > ENTRIES_MAX) {
            throw new IllegalArgumentException(
                    field + ": expected at most " + ENTRIES_MAX + " entries, found " + size);
        }
    }

    private static void requireNoNul(String field, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(field + ": expected text without NUL characters");
        }
    }

    private static void requireVariable(String name, String value) {
        if (!VARIABLE.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "env: expected a variable's name of letters, digits and '_', found "
                            + Text.quoted(name));
        }
        if (name.startsWith("SPATE_")) {
            throw new IllegalArgumentException(
                    "env: names starting with SPATE_ are set by Spate, found " + name);
        }
        requireNoNul("env." + name, value);
    }
}
