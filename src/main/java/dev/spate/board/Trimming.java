package dev.spate.board;

import dev.spate.job.InputFile;
import dev.spate.job.Job;
import dev.spate.job.JobRecord;
import dev.spate.job.Role;
import dev.spate.job.Text;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes a record fit to be kept and shown: without the values of variables and the contents of
 * files, and small. Pure.
 */
final class Trimming {

    /** Most records are far below; with a hundred machines one gets there. */
    static final int RECORD_BYTES_MAX = 64 * 1024;

    /** Tried in this order, until the record is small enough. */
    private static final List<Trimming> STEPS =
            List.of(new Trimming(4_000, 200), new Trimming(400, 20), new Trimming(40, 2));

    /** When there is no room for more. */
    private static final Trimming BRIEF =
            new Trimming(30, 0, "… (the board was full: no variables, files, outputs)");

    private final int scriptLengthMax;
    private final int entriesMax;

    /** What every script ends in; empty if only those say so that are cut. */
    private final String ending;

    private Trimming(int scriptLengthMax, int entriesMax) {
        this(scriptLengthMax, entriesMax, "");
    }

    private Trimming(int scriptLengthMax, int entriesMax, String ending) {
        this.scriptLengthMax = scriptLengthMax;
        this.entriesMax = entriesMax;
        this.ending = ending;
    }

    /** The record, fit to be kept; nearly always small enough. */
    static Trimmed trim(JobRecord record, RecordForm form) {
        return STEPS.getFirst().of(record, form);
    }

    /** As little of the record as makes sense; its scripts say so. */
    static Trimmed brief(JobRecord record, RecordForm form) {
        return BRIEF.of(record, form);
    }

    /** The bytes of a record in the journal's form, small enough. */
    static byte[] bytes(Trimmed trimmed, RecordForm form) {
        byte[] bytes = form.encode(trimmed);
        for (Trimming step : STEPS.subList(1, STEPS.size())) {
            if (bytes.length <= RECORD_BYTES_MAX) {
                break;
            }
            bytes = form.encode(step.of(trimmed.record(), form));
        }
        return bytes;
    }

    private Trimmed of(JobRecord record, RecordForm form) {
        return Trimmed.of(with(record, trim(record.job())), form);
    }

    private static JobRecord with(JobRecord record, Job job) {
        return new JobRecord(
                job,
                record.contentHash(),
                record.trace(),
                record.publishedAt(),
                record.sequence(),
                record.isCancelled(),
                record.state(),
                record.spent(),
                record.phases());
    }

    private Job trim(Job job) {
        return new Job(
                job.id(),
                job.profile(),
                job.roles().stream().map(this::trim).toList(),
                job.timeout(),
                job.patience(),
                job.retries(),
                job.mayReuse(),
                job.isLogged());
    }

    private Role trim(Role role) {
        SortedMap<String, String> names = new TreeMap<>();
        role.env().keySet().stream().limit(entriesMax).forEach(name -> names.put(name, ""));
        return new Role(
                role.name(),
                role.count(),
                role.isBackground(),
                role.machine(),
                role.setup().map(this::trim),
                trim(role.run()),
                names,
                role.files().stream()
                        .limit(entriesMax)
                        .map(file -> new InputFile(file.path(), "", file.executable()))
                        .toList(),
                role.outputs().stream().limit(entriesMax).toList());
    }

    private String trim(String script) {
        if (!ending.isEmpty()) {
            return Text.start(script, scriptLengthMax) + ending;
        }
        return script.length() <= scriptLengthMax
                ? script
                : Text.start(script, scriptLengthMax) + "…";
    }
}
