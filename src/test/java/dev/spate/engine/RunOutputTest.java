package dev.spate.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.fleet.OutputSink.Stream;
import dev.spate.fleet.OutputSink.Wanted;
import dev.spate.job.JobId;
import dev.spate.job.Member;
import dev.spate.job.RoleName;
import dev.spate.job.StreamName;
import dev.spate.job.Trace;
import org.junit.jupiter.api.Test;

final class RunOutputTest {

    private final FakeOutputLog log = new FakeOutputLog();

    @Test
    void publishesWhatComesAndKeepsIt() {
        RunOutput output = output(100);
        write(output, Stream.OUT, 0, "abc");
        write(output, Stream.ERR, 0, "x");
        write(output, Stream.OUT, 3, "def");

        assertThat(log.said()).containsExactly("stdout@0 abc", "stderr@0 x", "stdout@3 def");
        assertThat(output.captured(Stream.OUT).head()).isEqualTo("abcd");
        assertThat(output.offset(Stream.OUT)).isEqualTo(6);
    }

    @Test
    void publishesNothingTwice() {
        RunOutput output = output(100);
        write(output, Stream.OUT, 0, "abc");
        write(output, Stream.OUT, 1, "bcd");
        write(output, Stream.OUT, 0, "abcd");

        assertThat(log.said()).containsExactly("stdout@0 abc", "stdout@3 d");
    }

    @Test
    void saysOnceWhereItStopsPublishing() {
        RunOutput output = output(4);
        write(output, Stream.OUT, 0, "abcd");
        write(output, Stream.OUT, 4, "ef");
        write(output, Stream.OUT, 6, "ghi");
        output.end();

        assertThat(log.said()).containsExactly("stdout@0 abcd", "stdout@4 capped");
        assertThat(output.captured(Stream.OUT).bytes()).isEqualTo(9);
    }

    @Test
    void publishesOfAPieceWhatFits() {
        write(output(4), Stream.OUT, 0, "abcdef");

        assertThat(log.said()).containsExactly("stdout@0 abcd", "stdout@4 capped");
    }

    @Test
    void isNotCappedByWhatJustFits() {
        RunOutput output = output(4);
        write(output, Stream.OUT, 0, "abcd");
        output.end();

        assertThat(log.said()).containsExactly("stdout@0 abcd", "stdout@4 ");
    }

    @Test
    void saysHowFarAStreamWentThatHasSaidSomething() {
        RunOutput output = output(100);
        write(output, Stream.OUT, 0, "abc");
        output.end();

        assertThat(log.said()).containsExactly("stdout@0 abc", "stdout@3 ");
    }

    @Test
    void wantsWhatEitherWants() {
        assertThat(output(100).wanted()).isEqualTo(new Wanted(100, 3));
        assertThat(output(2).wanted()).isEqualTo(new Wanted(4, 3));
    }

    @Test
    void saysNothingIfNothingIsToBePublished() {
        RunOutput output = output(0);
        write(output, Stream.OUT, 0, "abc");
        output.end();

        assertThat(log.said()).isEmpty();
        assertThat(output.captured(Stream.OUT).bytes()).isEqualTo(3);
    }

    private RunOutput output(long bytesMax) {
        return new RunOutput(
                new Capture(4, 3),
                log,
                bytesMax,
                stream ->
                        new OutputLog.Source(
                                0,
                                new JobId("a"),
                                new Member(RoleName.MAIN, 0),
                                1,
                                stream,
                                Trace.NONE));
    }

    private static void write(RunOutput output, Stream stream, long offset, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        output.accept(stream, offset, bytes, bytes.length);
    }

    @Test
    void wordsOfStreamsCanBeReadBack() {
        for (StreamName stream : StreamName.values()) {
            assertThat(StreamName.find(stream.word())).contains(stream);
        }
    }
}
