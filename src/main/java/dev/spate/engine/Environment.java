package dev.spate.engine;

import dev.spate.job.Job;
import dev.spate.job.JobRecord;
import dev.spate.job.Member;
import dev.spate.job.Role;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The variables a run sees: the job's own, {@code SPATE_*}, and the trace context. Pure. */
final class Environment {

    private Environment() {}

    /**
     * The variables of one member.
     *
     * @param addresses of every member, roles in order, indexes ascending
     */
    static SortedMap<String, String> of(
            JobRecord record, int attempt, Member member, Map<Member, String> addresses) {
        Job job = record.job();
        SortedMap<String, String> variables = new TreeMap<>(job.role(member.role()).env());
        // As OpenTelemetry hands trace context to processes. A job may know better.
        if (!variables.containsKey("TRACEPARENT")) {
            record.trace().parent().ifPresent(parent -> variables.put("TRACEPARENT", parent));
            record.trace().state().ifPresent(state -> variables.put("TRACESTATE", state));
        }
        variables.put("SPATE_JOB", job.id().value());
        variables.put("SPATE_ATTEMPT", Integer.toString(attempt));
        variables.put("SPATE_ROLE", member.role().value());
        variables.put("SPATE_INDEX", Integer.toString(member.index()));
        variables.put("SPATE_MEMBER", member.toString());
        variables.put(
                "SPATE_ROLES",
                job.roles().stream()
                        .map(role -> role.name().value())
                        .collect(Collectors.joining(" ")));
        addresses.forEach(
                (other, address) -> {
                    if (other.equals(member)) {
                        variables.put("SPATE_ADDRESS", address);
                    }
                    variables.put(
                            "SPATE_"
                                    + other.role().inVariables()
                                    + "_"
                                    + other.index()
                                    + "_ADDRESS",
                            address);
                });
        for (Role role : job.roles()) {
            variables.put(
                    "SPATE_" + role.name().inVariables() + "_COUNT",
                    Integer.toString(role.count()));
            variables.put(
                    "SPATE_" + role.name().inVariables() + "_ADDRESSES",
                    addresses.entrySet().stream()
                            .filter(entry -> entry.getKey().role().equals(role.name()))
                            .map(Map.Entry::getValue)
                            .collect(Collectors.joining(" ")));
        }
        return variables;
    }
}
