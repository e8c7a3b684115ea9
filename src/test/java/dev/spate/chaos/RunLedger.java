package dev.spate.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the runs themselves wrote down: every job's script begins with lines that add its start and
 * its end to one file for all. No worker has a hand in it.
 *
 * @param runs in the order in which they began
 */
record RunLedger(List<Run> runs) {

    RunLedger {
        runs = List.copyOf(runs);
    }

    /**
     * One start of a job's script.
     *
     * @param machine the machine's id
     * @param startSeconds of the host's uptime
     * @param endSeconds of the host's uptime; empty if nothing was written at its end, as when it
     *     was killed
     */
    record Run(
            String job,
            int attempt,
            String member,
            String machine,
            long process,
            double startSeconds,
            Optional<Double> endSeconds) {

        private Run endingAt(double seconds) {
            return new Run(
                    job, attempt, member, machine, process, startSeconds, Optional.of(seconds));
        }
    }

    /**
     * The lines with which a job's script begins.
     *
     * @param file where the ledger is
     */
    // One write a line, and short: lines of several processes do not mix. The variables are those
    // that Spate promises, and the one by which a simulated machine knows its processes.
    static String preamble(Path file) {
        return """
        note() {
          read -r up rest </proc/uptime
          echo "$1 $SPATE_JOB $SPATE_ATTEMPT $SPATE_MEMBER $SPATE_SIM_MACHINE $$ $up" >>'%s'
        }
        trap 'note end' EXIT
        trap 'exit 143' TERM INT HUP
        note start
        """
                .formatted(file);
    }

    /** Reads the file; there may be none, if nothing was run. */
    static RunLedger read(Path file) throws IOException {
        List<Run> runs = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                String[] words = line.split(" ", -1);
                double seconds = Double.parseDouble(words[6]);
                if (words[0].equals("start")) {
                    runs.add(
                            new Run(
                                    words[1],
                                    Integer.parseInt(words[2]),
                                    words[3],
                                    words[4],
                                    Long.parseLong(words[5]),
                                    seconds,
                                    Optional.empty()));
                } else {
                    end(runs, words[4], Long.parseLong(words[5]), seconds);
                }
            }
        }
        return new RunLedger(runs);
    }

    private static void end(List<Run> runs, String machine, long process, double seconds) {
        for (int i = runs.size() - 1; i >= 0; i--) {
            Run run = runs.get(i);
            if (run.machine().equals(machine) && run.process() == process) {
                runs.set(i, run.endingAt(seconds));
                return;
            }
        }
        throw new IllegalArgumentException(
                "ledger: process " + process + " of " + machine + " ended and never began");
    }

    /** The runs of a job. */
    List<Run> of(String job) {
        return runs.stream().filter(run -> run.job().equals(job)).toList();
    }
}
