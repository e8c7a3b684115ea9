package dev.spate.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.board.JobOutline;
import dev.spate.board.JobPage;
import dev.spate.board.JobRow;
import dev.spate.board.MemberRow;
import dev.spate.board.Moment;
import dev.spate.board.RoleOutline;
import dev.spate.job.Failure;
import dev.spate.job.MachineSpec;
import dev.spate.job.RelativePath;
import dev.spate.job.RoleName;
import java.util.List;
import java.util.Locale;

/** Jobs as the API answers them, in JSON; {@code openapi.json} describes it. Pure. */
public final class JobAnswers {

    private JobAnswers() {}

    /** A job in one line. What is not known is left out. */
    public static ObjectNode row(JobRow row) {
        ObjectNode json = Json.object();
        json.put("id", row.id().value());
        json.put("profile", row.profile());
        json.put("state", row.stage().word());
        row.outcome().ifPresent(outcome -> json.put("outcome", outcome.word()));
        row.exitCode().ifPresent(code -> json.put("exitCode", code));
        json.put("attempt", row.attempt());
        json.put("cancelled", row.isCancelled());
        json.put("publishedAt", Json.time(row.publishedAt()));
        json.put("updatedAt", Json.time(row.updatedAt()));
        row.startedAt().ifPresent(at -> json.put("startedAt", Json.time(at)));
        row.settledAt().ifPresent(at -> json.put("settledAt", Json.time(at)));
        ObjectNode phases = json.putObject("phases");
        row.phases().forEach((phase, took) -> phases.put(phase.word(), Json.seconds(took)));
        json.put("machines", row.machines());
        json.put("machineSeconds", Json.seconds(row.machineTime()));
        row.costUsd().ifPresent(cost -> json.put("costUsd", Json.usd(cost)));
        row.why().ifPresent(why -> json.set("why", why(why)));
        row.notBefore().ifPresent(at -> json.put("notBefore", Json.time(at)));
        json.put("sequence", row.sequence());
        return json;
    }

    /** All about one job: its row, and more. What is not known is left out. */
    public static ObjectNode page(JobPage page) {
        ObjectNode json = row(page.row());
        json.put("shard", page.shard());
        json.set("message", message(page.job()));
        ArrayNode members = json.putArray("members");
        page.members().forEach(member -> members.add(member(member)));
        ArrayNode history = json.putArray("history");
        page.history().forEach(moment -> history.add(moment(moment)));
        json.putObject("spent")
                .put("launches", page.spent().launches())
                .put("lost", page.spent().lost())
                .put("failed", page.spent().failed())
                .put("troubled", page.spent().troubled());
        page.trace().parent().ifPresent(parent -> json.put("trace", parent));
        return json;
    }

    /** A plain job's parts stand for themselves, as in most messages. */
    private static ObjectNode message(JobOutline job) {
        RoleOutline first = job.roles().getFirst();
        boolean isPlain =
                job.roles().size() == 1 && first.name().equals(RoleName.MAIN) && first.count() == 1;
        ObjectNode json = Json.object();
        if (isPlain) {
            write(first, json);
        } else {
            ObjectNode roles = json.putObject("roles");
            for (RoleOutline role : job.roles()) {
                ObjectNode one = roles.putObject(role.name().value());
                one.put("count", role.count()).put("background", role.isBackground());
                write(role, one);
            }
        }
        json.put("timeout", Json.seconds(job.timeout()));
        json.put("patience", Json.seconds(job.patience()));
        json.putObject("retries")
                .put("lost", job.retries().lost())
                .put("failed", job.retries().failed());
        json.put("reuse", job.mayReuse());
        json.put("logs", job.isLogged());
        return json;
    }

    private static void write(RoleOutline role, ObjectNode json) {
        json.put("run", role.run());
        role.setup().ifPresent(setup -> json.put("setup", setup));
        json.set("machine", machine(role.machine()));
        texts(json.putArray("env"), role.env());
        texts(json.putArray("files"), role.files().stream().map(RelativePath::value).toList());
        texts(json.putArray("outputs"), role.outputs().stream().map(RelativePath::value).toList());
    }

    private static ObjectNode machine(MachineSpec machine) {
        ObjectNode json = Json.object().put("image", machine.image());
        texts(json.putArray("types"), machine.types());
        json.put("market", machine.market().word());
        machine.region().ifPresent(region -> json.put("region", region));
        machine.disk().ifPresent(disk -> json.put("disk", disk.toString()));
        return json;
    }

    private static ObjectNode member(MemberRow member) {
        ObjectNode json = Json.object();
        json.put("role", member.member().role().value());
        json.put("index", member.member().index());
        member.machine().ifPresent(machine -> json.put("machine", machine.value()));
        json.put("type", member.pool().type());
        json.put("market", member.pool().market().word());
        member.pool().zone().ifPresent(zone -> json.put("zone", zone));
        member.usdPerHour().ifPresent(usd -> json.put("usdPerHour", Json.usd(usd)));
        member.since().ifPresent(since -> json.put("launchedAt", Json.time(since)));
        member.exitCode().ifPresent(code -> json.put("exitCode", code));
        return json;
    }

    private static ObjectNode moment(Moment moment) {
        ObjectNode json = Json.object();
        json.put("attempt", moment.attempt());
        json.put("state", moment.stage().word());
        json.put("at", Json.time(moment.at()));
        moment.why().ifPresent(why -> json.set("why", why(why)));
        return json;
    }

    private static ObjectNode why(Failure why) {
        return Json.object()
                .put("class", why.kind().name().toLowerCase(Locale.ROOT))
                .put("message", why.message());
    }

    private static void texts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }
}
