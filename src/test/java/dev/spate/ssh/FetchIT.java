package dev.spate.ssh;

import static dev.spate.ssh.OnMachine.failure;
import static dev.spate.ssh.OnMachine.ok;
import static dev.spate.ssh.OnMachine.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.fleet.Run;
import dev.spate.job.ByteSize;
import dev.spate.job.Failure;
import dev.spate.job.OutputFile;
import dev.spate.job.RelativePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import org.apache.sshd.sftp.server.SftpFileSystemAccessor;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.apache.sshd.sftp.server.SftpSubsystemProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchIT {

    private static final ByteSize MAX = new ByteSize(100_000);

    @TempDir Path home;
    @TempDir Path outputs;
    private OnMachine on;

    @BeforeEach
    void connect() throws Exception {
        on =
                new OnMachine(
                        LoopbackMachine.start(home),
                        settings ->
                                new SshSettings(
                                        settings.port(),
                                        settings.user(),
                                        settings.keepAlive(),
                                        settings.grace(),
                                        Optional.of(outputs),
                                        MAX));
    }

    @AfterEach
    void close() throws IOException {
        on.close();
    }

    @Test
    void fetchesAnOutputWithItsSizeAndDigest() throws Exception {
        Run run = run("mkdir out; printf abc >out/a.txt");
        on.outputOf(run, 0);

        OutputFile file = ok(on.shell.fetch(run.key(), new RelativePath("out/a.txt"), on.soon()));

        Path to = outputs.resolve(run.key().job().value()).resolve("1/main-0/out/a.txt");
        assertThat(file)
                .isEqualTo(
                        new OutputFile(
                                new RelativePath("out/a.txt"),
                                3,
                                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                                Optional.of(to.toUri().toString())));
        assertThat(to).hasContent("abc");
        assertThat(to.getParent()).isDirectoryNotContaining("glob:**/.fetching*");
    }

    @Test
    void refusesWhatIsNotAPlainFileReachedThroughPlainDirectories() throws Exception {
        Run run =
                run(
                        "ln -s /etc/passwd link; ln -s /etc etc; ln -s .. up; mkdir dir;"
                                + " mkfifo pipe; dd if=/dev/zero of=big bs=1000 count=101");
        on.outputOf(run, 0);

        for (String path :
                List.of("link", "etc/passwd", "up/script", "dir", "pipe", "big", "none")) {
            Failure failure = failure(on.shell.fetch(run.key(), new RelativePath(path), on.soon()));
            assertThat(failure.kind()).as(path).isEqualTo(Failure.Kind.JOB);
        }
        assertThat(outputs.resolve(run.key().job().value())).doesNotExist();
        on.outputOf(run("rm ../../../" + run.key().job() + "/main-0/1/work/*"), 1);
    }

    @Test
    void stopsAtTheLimitThoughTheMachineSaysTheFileIsSmall() throws Exception {
        on.machine.server.setSubsystemFactories(List.of(lying()));
        Run run = run("dd if=/dev/zero of=big bs=1000 count=500");
        on.outputOf(run, 0);

        Failure failure = failure(on.shell.fetch(run.key(), new RelativePath("big"), on.soon()));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.JOB);
        assertThat(failure.message()).contains("larger than an output may be");
        try (var left = Files.walk(outputs)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    /** A server that says that every file has one byte. */
    private static SftpSubsystemFactory lying() {
        SftpSubsystemFactory factory = new SftpSubsystemFactory();
        factory.setFileSystemAccessor(
                new SftpFileSystemAccessor() {
                    @Override
                    public NavigableMap<String, Object> resolveReportedFileAttributes(
                            SftpSubsystemProxy subsystem,
                            Path file,
                            int flags,
                            NavigableMap<String, Object> attributes,
                            java.nio.file.LinkOption... options) {
                        attributes.put("size", 1L);
                        return attributes;
                    }
                });
        return factory;
    }
}
