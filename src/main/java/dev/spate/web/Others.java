package dev.spate.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spate.board.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the other workers of the group have, and who of them could not be asked. */
final class Others {

    private final Late late;
    private final Peers peers;

    Others(Late late, Peers peers) {
        this.late = late;
        this.peers = peers;
    }

    /**
     * What was found.
     *
     * @param missing who did not contribute, for people to read
     */
    record All<T>(List<T> answers, List<String> missing) {}

    /**
     * Asks all for the same as we are asked for; nobody if only this worker's own is wanted.
     *
     * @param read understands an answer; if it throws, that was none
     */
    <T> All<T> ask(String path, Parameters parameters, Function<JsonNode, T> read)
            throws InterruptedException {
        List<T> answers = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        if (!parameters.isLocal()) {
            peers.ask(all(late.get()), path + parameters.forwarded(), read)
                    .forEach(
                            (peer, answer) -> {
                                switch (answer) {
                                    case Peers.Answer.Found<T>(T value) -> answers.add(value);
                                    case Peers.Answer.NotFound<T>(), Peers.Answer.Missing<T>() ->
                                            missing.add(peer.toString());
                                }
                            });
            missing.addAll(unreachable(late.get()));
        }
        return new All<>(answers, missing);
    }

    /** The other workers whose boards have jobs. */
    static List<Peer> all(Api api) {
        return api.board().peers().stream()
                .filter(peer -> !peer.equals(api.about().self()))
                .toList();
    }

    /** Those that have jobs, and cannot be asked for them; none, or one text for all. */
    static List<String> unreachable(Api api) {
        Set<Integer> shards = api.board().unreachable();
        return shards.isEmpty()
                ? List.of()
                : List.of(
                        shards.stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(", ", "whoever has shard ", "")));
    }
}
