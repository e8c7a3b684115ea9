package dev.spate.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.job.Ending;
import dev.spate.job.Ending.MemberEnding;
import dev.spate.job.Failure;
import dev.spate.job.Hold;
import dev.spate.job.Job;
import dev.spate.job.JobRecord;
import dev.spate.job.JobState;
import dev.spate.job.MachineId;
import dev.spate.job.MachineSpec;
import dev.spate.job.Member;
import dev.spate.job.Phase;
import dev.spate.job.Pool;
import dev.spate.job.Role;
import dev.spate.job.Spent;
import dev.spate.kafka.JournalReader.Entry;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * A job as the workers' HTTP API tells it, made from the journal: what shows it need not know where
 * it comes from. Of environment variables and files, names only: there may be secrets in them.
 */
final class JobTree {

    private JobTree() {}

    /** What is shown of a job among others. */
    static ObjectNode row(Entry entry) {
        JobRecord record = entry.record();
        ObjectNode row = object();
        row.put("id", record.id().value());
        row.put("profile", record.job().profile());
        row.put("state", record.state().word());
        record.state()
                .endingIfSettled()
                .ifPresent(ending -> row.put("outcome", ending.outcome().word()));
        row.put("attempt", record.state().attempt());
        row.put("cancelled", record.isCancelled());
        row.put("publishedAt", record.publishedAt().toString());
        row.put("updatedAt", entry.writtenAt().toString());
        addState(row, record.state());
        row.set("phases", phases(record.phases()));
        row.put("machines", record.job().members().size());
        row.put("machineSeconds", seconds(record.spent().machineTime()));
        if (record.spent().usd().signum() > 0) {
            row.put("costUsd", record.spent().usd());
        }
        row.put("sequence", record.sequence());
        return row;
    }

    /** All that is shown of one job. */
    static ObjectNode page(Entry entry) {
        JobRecord record = entry.record();
        ObjectNode page = row(entry);
        page.set("message", message(record.job()));
        ArrayNode members = page.putArray("members");
        record.state()
                .endingIfSettled()
                .ifPresentOrElse(
                        ending -> ending.members().forEach(it -> members.add(member(it))),
                        () -> record.state().machines().forEach(hold -> members.add(member(hold))));
        page.set("spent", spent(record.spent()));
        record.trace().parent().ifPresent(parent -> page.put("trace", parent));
        return page;
    }

    private static void addState(ObjectNode row, JobState state) {
        switch (state) {
            case JobState.Waiting waiting -> {
                row.set("why", why(waiting.why()));
                row.put("notBefore", waiting.notBefore().toString());
            }
            case JobState.Retreating retreating -> row.set("why", why(retreating.why()));
            case JobState.Running running -> row.put("startedAt", running.startedAt().toString());
            case JobState.Settled settled -> addEnding(row, settled.ending(), settled.at());
            case JobState.Released released -> addEnding(row, released.ending(), released.at());
            case JobState.Launching _, JobState.Preparing _ -> {}
        }
    }

    private static void addEnding(ObjectNode row, Ending ending, Instant at) {
        ending.startedAt().ifPresent(start -> row.put("startedAt", start.toString()));
        row.put("settledAt", at.toString());
        ending.error().ifPresent(error -> row.set("why", why(error)));
        ending.exitCode().ifPresent(code -> row.put("exitCode", code));
    }

    private static ObjectNode message(Job job) {
        ObjectNode message = object();
        if (job.roles().size() == 1) {
            addRole(message, job.roles().getFirst());
        } else {
            ObjectNode roles = message.putObject("roles");
            for (Role role : job.roles()) {
                ObjectNode one = roles.putObject(role.name().value());
                one.put("count", role.count());
                one.put("background", role.isBackground());
                addRole(one, role);
            }
        }
        message.put("timeout", seconds(job.timeout()));
        message.put("patience", seconds(job.patience()));
        message.putObject("retries")
                .put("lost", job.retries().lost())
                .put("failed", job.retries().failed());
        return message;
    }

    private static void addRole(ObjectNode json, Role role) {
        json.put("run", role.run());
        json.set("machine", machine(role.machine()));
        role.setup().ifPresent(setup -> json.put("setup", setup));
        ArrayNode env = json.putArray("env");
        role.env().keySet().forEach(env::add);
        ArrayNode files = json.putArray("files");
        role.files().forEach(file -> files.add(file.path().value()));
        ArrayNode outputs = json.putArray("outputs");
        role.outputs().forEach(output -> outputs.add(output.value()));
    }

    private static ObjectNode machine(MachineSpec spec) {
        ObjectNode json = object();
        json.put("image", spec.image());
        ArrayNode types = json.putArray("types");
        spec.types().forEach(types::add);
        json.put("market", spec.market().word());
        spec.region().ifPresent(region -> json.put("region", region));
        spec.disk().ifPresent(disk -> json.put("disk", disk.toString()));
        return json;
    }

    private static ObjectNode member(MemberEnding ending) {
        ObjectNode json = member(ending.member(), ending.machine(), ending.pool());
        ending.exitCode().ifPresent(code -> json.put("exitCode", code));
        return json;
    }

    private static ObjectNode member(Member member, MachineId machine, Pool pool) {
        ObjectNode json = object();
        json.put("role", member.role().value());
        json.put("index", member.index());
        json.put("machine", machine.value());
        json.put("type", pool.type());
        json.put("market", pool.market().word());
        pool.zone().ifPresent(zone -> json.put("zone", zone));
        return json;
    }

    private static ObjectNode member(Hold hold) {
        ObjectNode json = member(hold.member(), hold.machine(), hold.launch().pool());
        hold.launch().usdPerHour().ifPresent(usd -> json.put("usdPerHour", usd));
        return json;
    }

    private static ObjectNode spent(Spent spent) {
        return object().put("launches", spent.launches())
                .put("lost", spent.lost())
                .put("failed", spent.failed())
                .put("troubled", spent.troubled());
    }

    private static ObjectNode why(Failure failure) {
        return object().put("class", failure.kind().name().toLowerCase(Locale.ROOT))
                .put("message", failure.message());
    }

    private static ObjectNode phases(Map<Phase, Duration> phases) {
        ObjectNode json = object();
        phases.forEach((phase, took) -> json.put(phase.word(), seconds(took)));
        return json;
    }

    private static BigDecimal seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
