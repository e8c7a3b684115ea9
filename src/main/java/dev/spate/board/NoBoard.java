package dev.spate.board;

import dev.spate.job.JobId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The board of a worker that keeps none. */
record NoBoard() implements Board {

    @Override
    public State state() {
        return new State.Stopped();
    }

    @Override
    public List<Peer> peers() {
        return List.of();
    }

    @Override
    public Set<Integer> unreachable() {
        return Set.of();
    }

    @Override
    public Optional<Peer> ownerOf(JobId id) {
        return Optional.empty();
    }
}
