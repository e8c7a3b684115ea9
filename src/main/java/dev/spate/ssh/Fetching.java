package dev.spate.ssh;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.fleet.RunKey;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import dev.spate.job.OutputFile;
import dev.spate.job.RelativePath;
import dev.spate.job.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/**
 * Fetches outputs over SFTP. Names here come from the job, never from the machine; what the machine
 * says of sizes is checked against what comes.
 */
final class Fetching {

    private static final int PIECE_BYTES = 32 << 10;

    private final ClientSession session;
    private final SshSettings settings;
    private final Scheduler scheduler;

    Fetching(ClientSession session, SshSettings settings, Scheduler scheduler) {
        this.session = session;
        this.settings = settings;
        this.scheduler = scheduler;
    }

    Answer<OutputFile> fetch(RunKey key, RelativePath path, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        // MINA's client knows no deadlines and hides interruptions, from its opening on: it has a
        // thread of its own, and ends whatever it waits for when that is interrupted.
        var fetching = scheduler.start("spate-fetch", () -> fetch(key, path));
        try {
            return scheduler.await(fetching.result(), deadline);
        } catch (ExecutionException | CancellationException e) {
            // A runtime exception is what MINA makes of a packet that is none.
            throw e.getCause() instanceof IOException broken
                    ? broken
                    : new IOException("the machine's answer makes no sense: " + e.getMessage(), e);
        } finally {
            fetching.cancel();
        }
    }

    private Answer<OutputFile> fetch(RunKey key, RelativePath path) throws IOException {
        try (SftpClient sftp = SftpClientFactory.instance().createSftpClient(session)) {
            String directory = ".spate/" + Places.of(key) + "/work";
            Optional<Failure> refused = refusal(sftp, directory, path);
            return refused.isPresent()
                    ? new Answer.Failed<>(refused.get())
                    : copy(sftp, directory + "/" + path, key, path);
        } catch (SftpException e) {
            return e.getStatus() == SftpConstants.SSH_FX_NO_SUCH_FILE
                    ? Answer.failed(Failure.Kind.JOB, "output " + path + ": there is no such file")
                    : Answer.failed(
                            Failure.Kind.JOB,
                            "output "
                                    + path
                                    + ": the machine says "
                                    + Text.quoted(String.valueOf(e.getMessage())));
        }
    }

    /** Why the file is not to be fetched: every step of the way is looked at, following no link. */
    private Optional<Failure> refusal(SftpClient sftp, String directory, RelativePath path)
            throws IOException {
        String reached = directory;
        List<String> segments = List.of(path.value().split("/", -1));
        for (int i = 0; i < segments.size(); i++) {
            reached = reached + "/" + segments.get(i);
            SftpClient.Attributes found = sftp.lstat(reached);
            boolean isLast = i == segments.size() - 1;
            if (isLast ? !found.isRegularFile() : !found.isDirectory()) {
                return refused(path, "not a plain file inside the working directory");
            }
            if (isLast && found.getSize() > settings.outputMax().bytes()) {
                return refused(
                        path,
                        "%d bytes, more than the %d that an output may have"
                                .formatted(found.getSize(), settings.outputMax().bytes()));
            }
        }
        return Optional.empty();
    }

    private Answer<OutputFile> copy(SftpClient sftp, String from, RunKey key, RelativePath path)
            throws IOException {
        if (settings.outputs().isEmpty()) {
            return copy(sftp, from, path, OutputStream.nullOutputStream(), Optional.empty());
        }
        Path to =
                settings.outputs()
                        .get()
                        .resolve(key.job().value())
                        .resolve(Integer.toString(key.attempt()))
                        .resolve(key.member().toString())
                        .resolve(path.value());
        Path parent = to.toAbsolutePath().getParent();
        Files.createDirectories(parent);
        Path temporary = Files.createTempFile(parent, ".fetching-", null);
        try {
            Answer<OutputFile> answer = copy(sftp, from, path, temporary, to);
            if (answer instanceof Answer.Ok<OutputFile>) {
                Files.move(temporary, to, StandardCopyOption.ATOMIC_MOVE);
            }
            return answer;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private Answer<OutputFile> copy(
            SftpClient sftp, String from, RelativePath path, Path temporary, Path to)
            throws IOException {
        try (OutputStream file = Files.newOutputStream(temporary)) {
            return copy(sftp, from, path, file, Optional.of(to.toUri().toString()));
        }
    }

    private Answer<OutputFile> copy(
            SftpClient sftp,
            String from,
            RelativePath path,
            OutputStream to,
            Optional<String> location)
            throws IOException {
        MessageDigest digest = sha256();
        long bytes = 0;
        try (InputStream in = sftp.read(from);
                OutputStream out = new DigestOutputStream(to, digest)) {
            byte[] piece = new byte[PIECE_BYTES];
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                bytes += length;
                if (bytes > settings.outputMax().bytes()) {
                    return new Answer.Failed<>(
                            refused(path, "larger than an output may be").orElseThrow());
                }
                out.write(piece, 0, length);
            }
        }
        return Answer.ok(
                new OutputFile(path, bytes, HexFormat.of().formatHex(digest.digest()), location));
    }

    private static Optional<Failure> refused(RelativePath path, String why) {
        return Optional.of(new Failure(Failure.Kind.JOB, "output " + path + ": " + why));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
