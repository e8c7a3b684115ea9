package dev.spate.simulation;

import dev.spate.engine.Commit;
import dev.spate.engine.Journal;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** Journals that are written wrongly: what {@link Mutation} plants between a worker and Kafka. */
final class JournalMistakes {

    private JournalMistakes() {}

    static Journal settledInTwo(Journal real) {
        return new JournalDisguise(real) {
            @Override
            public CompletableFuture<Void> append(Commit commit) {
                if (commit.results().isEmpty()) {
                    return real.append(commit);
                }
                Commit first =
                        new Commit(
                                List.of(),
                                List.of(),
                                commit.results(),
                                List.of(),
                                OptionalLong.empty());
                Commit second =
                        new Commit(
                                commit.records(),
                                commit.forgotten(),
                                List.of(),
                                commit.rejects(),
                                commit.consumedTo());
                return real.append(first).thenCompose(_ -> real.append(second));
            }
        };
    }

    static Journal offsetsFirst(Journal real) {
        return new JournalDisguise(real) {
            @Override
            public CompletableFuture<Void> append(Commit commit) {
                if (commit.consumedTo().isEmpty()) {
                    return real.append(commit);
                }
                Commit first =
                        new Commit(List.of(), List.of(), List.of(), List.of(), commit.consumedTo());
                Commit second =
                        new Commit(
                                commit.records(),
                                commit.forgotten(),
                                commit.results(),
                                commit.rejects(),
                                OptionalLong.empty());
                return real.append(first).thenCompose(_ -> real.append(second));
            }
        };
    }

    static Journal believed(Journal real) {
        return new JournalDisguise(real) {
            @Override
            public CompletableFuture<Void> append(Commit commit) {
                var _ = real.append(commit);
                return CompletableFuture.completedFuture(null);
            }
        };
    }

    static Journal resultDropped(Journal real) {
        return new JournalDisguise(real) {
            private int results;

            @Override
            public CompletableFuture<Void> append(Commit commit) {
                results += commit.results().size();
                boolean isDropped = !commit.results().isEmpty() && results % 3 == 0;
                return real.append(
                        isDropped
                                ? new Commit(
                                        commit.records(),
                                        commit.forgotten(),
                                        List.of(),
                                        commit.rejects(),
                                        commit.consumedTo())
                                : commit);
            }
        };
    }

    static Journal unconfirmed(Journal real) {
        return new JournalDisguise(real) {
            @Override
            public CompletableFuture<Void> append(Commit commit) {
                return real.append(commit);
            }

            @Override
            public CompletableFuture<Void> confirm() {
                return CompletableFuture.completedFuture(null);
            }
        };
    }

    /** A journal, but for what a mutation overrides. */
    private abstract static class JournalDisguise implements Journal {
        private final Journal real;

        JournalDisguise(Journal real) {
            this.real = real;
        }

        @Override
        public CompletableFuture<Void> confirm() {
            return real.confirm();
        }
    }
}
