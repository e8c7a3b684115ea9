package dev.spate.local;

import java.util.Optional;
import java.util.stream.Stream;

/** Something that takes time in a {@link SimulatedCloud}. */
public enum Delay {
    /** Of a machine that was launched. */
    PENDING("pending", "from the launch to the state running"),
    /** Of a machine that runs. */
    BOOT("boot", "from running to the start of bootcmd; sshd accepts when those commands ended"),
    /** Of a machine that ends. */
    SHUTTING_DOWN("shuttingDown", "from the state shutting-down to terminated"),
    /** Of a machine that has ended. */
    TERMINATED_VISIBLE("terminatedVisible", "how long a terminated machine is still described"),
    /** Of reads. */
    READ_LAG(
            "readLag",
            "how far DescribeInstances and TerminateInstances may lie behind: each machine has a"
                    + " fixed lag between zero and this"),
    /** Of every call. */
    REPLY("reply", "how long every call takes at least"),
    /** Of machines that answer late. */
    SLOW_SSHD("slowSshd", "how much later a slow sshd listens"),
    /** Of machines that break down. */
    BREAKDOWN("breakdown", "how soon after sshd listens a machine breaks down at the latest"),
    /** Of spot machines. */
    INTERRUPTION("interruption", "how soon a spot machine is given notice at the latest"),
    /** Of spot machines. */
    NOTICE("notice", "from the notice to a spot machine's end");

    private final String word;
    private final String meaning;

    Delay(String word, String meaning) {
        this.word = word;
        this.meaning = meaning;
    }

    /** What a command line calls it. */
    public String word() {
        return word;
    }

    /** In a line, for people. */
    public String meaning() {
        return meaning;
    }

    static Optional<Delay> named(String word) {
        return Stream.of(values()).filter(one -> one.word.equals(word)).findFirst();
    }
}
