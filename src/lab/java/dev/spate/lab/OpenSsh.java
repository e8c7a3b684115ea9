package dev.spate.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The peer: OpenSSH's client, as many at a time as suits it, with the algorithms that the adapter
 * prefers, as far as it knows them, and nothing of this user's configuration.
 *
 * @param command one session, without the command to run
 * @param keyExchange the key exchange both know
 * @param parallel how many processes at a time
 */
record OpenSsh(List<String> command, String keyExchange, int parallel) {

    private static final List<String> KEY_EXCHANGES =
            List.of("mlkem768x25519-sha256", "curve25519-sha256");

    /** The client that is installed, if any. */
    static Optional<OpenSsh> find(Path directory, int port, int parallel)
            throws IOException, InterruptedException {
        if (Cores.find("ssh").isEmpty() || Cores.find("xargs").isEmpty()) {
            return Optional.empty();
        }
        Path known = directory.resolve("known_hosts");
        Files.writeString(
                known,
                "[127.0.0.1]:%d %s%n"
                        .formatted(port, Files.readString(directory.resolve(SshTargets.HOST_KEY))));
        List<String> supported = outputOf(List.of("ssh", "-Q", "kex")).lines().toList();
        String keyExchange =
                KEY_EXCHANGES.stream().filter(supported::contains).findFirst().orElseThrow();
        List<String> command = new ArrayList<>(List.of("ssh", "-n", "-q", "-F", "none"));
        for (String option :
                List.of(
                        "KexAlgorithms=" + keyExchange,
                        "Ciphers=aes128-gcm@openssh.com",
                        "HostKeyAlgorithms=ssh-ed25519",
                        "PreferredAuthentications=publickey",
                        "StrictHostKeyChecking=yes",
                        "UserKnownHostsFile=" + known,
                        "GlobalKnownHostsFile=/dev/null",
                        "IdentityFile=" + directory.resolve(SshTargets.IDENTITY),
                        "IdentitiesOnly=yes",
                        "IdentityAgent=none")) {
            command.addAll(List.of("-o", option));
        }
        command.addAll(List.of("-p", Integer.toString(port), "spate@127.0.0.1"));
        return Optional.of(new OpenSsh(command, keyExchange, parallel));
    }

    String description() {
        return "peer: ssh, %d at a time, %s, aes128-gcm".formatted(parallel, keyExchange);
    }

    /** Sets up sessions, one command each, which are closed again. */
    double sessionsPerSecond(int sessions) throws IOException, InterruptedException {
        List<String> line =
                new ArrayList<>(List.of("xargs", "-P", Integer.toString(parallel), "-I", "{}"));
        line.addAll(command);
        line.add("status {}");
        long began = System.nanoTime();
        Process process =
                new ProcessBuilder(Cores.pinned(0, line))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (var in = process.getOutputStream()) {
            for (int i = 0; i < sessions; i++) {
                in.write((i + "\n").getBytes(StandardCharsets.US_ASCII));
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException("ssh failed: " + String.join(" ", line));
        }
        return sessions / ((System.nanoTime() - began) / 1e9);
    }

    private static String outputOf(List<String> line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
