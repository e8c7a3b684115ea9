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
                        place.field("count", count -> count.wholeNumber(1, Role.COUNT_MAX)),
                        place.field("background", Place::flag));
    }

    /** Reads what stands beside the roles; whoever calls has looked at the fields' names. */
    static RoleDraft readShared(Place place) {
        return new RoleDraft(
                Optional.empty(),
                Optional.empty(),
                place.field("machine", MachineDraft::read).orElse(MachineDraft.NOTHING),
                place.field("setup", RoleDraft::readScript),
                place.field("run", RoleDraft::readCommand),
                place.field("env", RoleDraft::readEnv).orElseGet(TreeMap::new),
                place.field("files", RoleDraft::readFiles),
                place.field("outputs", RoleDraft::readOutputs));
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
        if (script.indexOf('\0') >= 0) {
            throw new BadMessage(place.path(), "expected text without NUL characters");
        }
        return script;
    }

    private static SortedMap<String, String> readEnv(Place place) {
        SortedMap<String, String> env = new TreeMap<>();
        for (Place.Named variable : place.fields()) {
            variable.place()
                    .noting(RoleDraft::readScript)
                    .ifPresent(value -> env.put(variable.name(), value));
        }
        return env;
    }

    private static List<InputFile> readFiles(Place place) {
        return place.elements(RoleDraft::readFile).stream().flatMap(Optional::stream).toList();
    }

    private static Optional<InputFile> readFile(Place place) {
        place.object(FILE_FIELDS);
        Optional<RelativePath> path = place.required("path", it -> it.text(RelativePath::new));
        Optional<String> text = place.required("text", Place::text);
        boolean isExecutable = place.field("executable", Place::flag).orElse(false);
        return path.flatMap(to -> text.map(it -> new InputFile(to, it, isExecutable)));
    }

    private static List<RelativePath> readOutputs(Place place) {
        return place.elements(output -> output.text(RelativePath::new));
    }
}
