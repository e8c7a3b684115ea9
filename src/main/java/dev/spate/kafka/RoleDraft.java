package dev.spate.kafka;

import dev.spate.job.InputFile;
import dev.spate.job.RelativePath;
import dev.spate.job.Role;
import dev.spate.job.RoleName;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a message, or a profile, says of a role; or, beside the roles, of all of them. */
record RoleDraft(
        Optional<Integer> count,
        Optional<Boolean> background,
        MachineDraft machine,
        Optional<String> setup,
        Optional<String> run,
        SortedMap<String, String> env,
        Optional<List<InputFile>> files,
        Optional<List<RelativePath>> outputs) {

    static final RoleDraft NOTHING =
            new RoleDraft(
                    Optional.empty(),
                    Optional.empty(),
                    MachineDraft.NOTHING,
                    Optional.empty(),
                    Optional.empty(),
                    Collections.emptySortedMap(),
                    Optional.empty(),
                    Optional.empty());

    /** The fields that can also stand beside the roles. */
    static final Set<String> SHARED_FIELDS =
            Set.of("machine", "setup", "run", "env", "files", "outputs");

    private static final Set<String> FIELDS =
            Stream.concat(SHARED_FIELDS.stream(), Stream.of("count", "background"))
                    .collect(Collectors.toUnmodifiableSet());
    private static final Set<String> FILE_FIELDS = Set.of("path", "text", "executable");

    /** Reads an entry of {@code roles}. */
    static RoleDraft read(Place place) {
        place.object(FIELDS);
        return readShared(place)
                .withCount(
                        place.field("count").map(count -> count.wholeNumber(1, Role.COUNT_MAX)),
                        place.field("background").map(Place::flag));
    }

    /** Reads what stands beside the roles; whoever calls has looked at the fields' names. */
    static RoleDraft readShared(Place place) {
        return new RoleDraft(
                Optional.empty(),
                Optional.empty(),
                place.field("machine").map(MachineDraft::read).orElse(MachineDraft.NOTHING),
                place.field("setup").map(RoleDraft::readScript),
                place.field("run").map(RoleDraft::readCommand),
                place.field("env").map(RoleDraft::readEnv).orElseGet(TreeMap::new),
                place.field("files").map(RoleDraft::readFiles),
                place.field("outputs").map(RoleDraft::readOutputs));
    }

    /** The same, and what it leaves open from the defaults. */
    RoleDraft over(RoleDraft defaults) {
        SortedMap<String, String> variables = new TreeMap<>(defaults.env);
        variables.putAll(env);
        return new RoleDraft(
                count.or(defaults::count),
                background.or(defaults::background),
                machine.over(defaults.machine),
                setup.or(defaults::setup),
                run.or(defaults::run),
                variables,
                files.or(defaults::files),
                outputs.or(defaults::outputs));
    }

    Role role(RoleName name) {
        return new Role(
                name,
                count.orElse(1),
                background.orElse(false),
                machine.machine(),
                setup,
                run.orElseThrow(
                        () -> new IllegalArgumentException("run: expected a command, found none")),
                env,
                files.orElse(List.of()),
                outputs.orElse(List.of()));
    }

    private RoleDraft withCount(Optional<Integer> machines, Optional<Boolean> isBackground) {
        return new RoleDraft(machines, isBackground, machine, setup, run, env, files, outputs);
    }

    private static String readCommand(Place place) {
        String command = readScript(place);
        if (command.isBlank()) {
            throw place.expected("a command");
        }
        return command;
    }

    private static String readScript(Place place) {
        String script = place.text();
        requireNoNul(place, script);
        return script;
    }

    private static void requireNoNul(Place place, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new BadMessage(place.path(), "expected text without NUL characters");
        }
    }

    private static SortedMap<String, String> readEnv(Place place) {
        SortedMap<String, String> env = new TreeMap<>();
        for (Place.Named variable : place.fields()) {
            String value = variable.place().text();
            requireNoNul(variable.place(), value);
            env.put(variable.name(), value);
        }
        return env;
    }

    private static List<InputFile> readFiles(Place place) {
        return place.elements().stream().map(RoleDraft::readFile).toList();
    }

    private static InputFile readFile(Place place) {
        place.object(FILE_FIELDS);
        return new InputFile(
                place.required("path").text(RelativePath::new),
                place.required("text").text(),
                place.field("executable").map(Place::flag).orElse(false));
    }

    private static List<RelativePath> readOutputs(Place place) {
        return place.elements().stream().map(output -> output.text(RelativePath::new)).toList();
    }
}
