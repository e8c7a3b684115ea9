package dev.spate.kafka;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spate.job.Durations;
import dev.spate.job.InputFile;
import dev.spate.job.Job;
import dev.spate.job.JobId;
import dev.spate.job.MachineSpec;
import dev.spate.job.Role;

/** A whole job in the form of a message: roles spelt out, nothing left to a profile. */
final class JobJson {

    private JobJson() {}

    static ObjectNode write(Job job) {
        ObjectNode json = object();
        json.put("id", job.id().value());
        ObjectNode roles = json.putObject("roles");
        job.roles().forEach(role -> roles.set(role.name().value(), write(role)));
        json.put("timeout", Durations.format(job.timeout()));
        json.put("patience", Durations.format(job.patience()));
        json.putObject("retries")
                .put("lost", job.retries().lost())
                .put("failed", job.retries().failed());
        json.put("reuse", job.mayReuse());
        json.put("logs", job.isLogged());
        return json;
    }

    /** Reads what {@link #write(Job)} wrote. */
    static Job read(Place place, String profile) {
        return JobDraft.read(place)
                .over(JobDraft.BUILT_IN)
                .job(place.required("id").text(JobId::new), profile);
    }

    static ObjectNode write(MachineSpec machine) {
        ObjectNode json = object();
        json.put("image", machine.image());
        ArrayNode types = json.putArray("types");
        machine.types().forEach(types::add);
        json.put("market", machine.market().word());
        machine.region().ifPresent(region -> json.put("region", region));
        machine.disk().ifPresent(disk -> json.put("disk", disk.toString()));
        return json;
    }

    private static ObjectNode write(Role role) {
        ObjectNode json = object();
        json.put("count", role.count());
        json.put("background", role.isBackground());
        json.set("machine", write(role.machine()));
        role.setup().ifPresent(setup -> json.put("setup", setup));
        json.put("run", role.run());
        ObjectNode env = json.putObject("env");
        role.env().forEach(env::put);
        ArrayNode files = json.putArray("files");
        role.files().forEach(file -> files.add(write(file)));
        ArrayNode outputs = json.putArray("outputs");
        role.outputs().forEach(output -> outputs.add(output.value()));
        return json;
    }

    private static ObjectNode write(InputFile file) {
        return object().put("path", file.path().value())
                .put("text", file.text())
                .put("executable", file.executable());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
