package dev.spate.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** A machine whose {@code sh} is one of several; under busybox, every command is busybox's. */
final class UnderShell implements AutoCloseable {

    final OnMachine on;
    private final Path bin;

    /** Of {@link #shells}; with a home, and a directory of its own for commands. */
    UnderShell(String shell, Path home, Path bin) throws IOException, InterruptedException {
        this.bin = bin;
        on = new OnMachine(machine(shell, home));
    }

    static Stream<String> shells() {
        return Stream.of("sh", "busybox");
    }

    private LoopbackMachine machine(String shell, Path home)
            throws IOException, InterruptedException {
        if (shell.equals("sh")) {
            return LoopbackMachine.start(home, List.of("sh"), bin + ":" + LoopbackMachine.PATH);
        }
        LoopbackMachine.needs(shell);
        new ProcessBuilder(shell, "--install", "-s", bin.toString()).start().waitFor();
        return LoopbackMachine.start(home, List.of(bin.resolve("sh").toString()), bin.toString());
    }

    /** From now on, that is what the command does. */
    void replace(String command, String script) throws IOException {
        Path file = bin.resolve(command);
        Files.deleteIfExists(file);
        Files.writeString(file, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Override
    public void close() throws IOException {
        on.close();
    }
}
