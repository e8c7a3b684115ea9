package dev.spate.simulation;

/** What is promised, whatever the weather. */
enum Promise {
    ONE_RESULT("every accepted job has exactly one result"),
    ONE_REJECT("every bad message is rejected exactly once, and no other"),
    TRUE_RESULTS("a result says what really happened on the machines"),
    TRUE_OUTPUT("what a run writes is published as it is, in order, and before its result"),
    ONE_ATTEMPT("an attempt begins only when the machines of the last have stopped"),
    STARTED_ONCE("a run is started at most once"),
    NO_NEEDLESS_ATTEMPT("a job is tried again only for its own or its machines' sake"),
    RIGHTFUL_KILLS("a run is ended only after the journal has given it up"),
    RIGHTFUL_STARTS("a run is started only while the journal says that it is its turn"),
    STALE_REFUSED("a machine does nothing for an owner after it has seen a later one"),
    NO_EXTRA_MACHINE("a launch makes each machine once, and only machines in the journal"),
    WITHIN_LEASE("no machine outlives its lease, whoever is dead"),
    NOTHING_LEFT("no machine is left when all jobs are done"),
    FOREIGN_UNTOUCHED("a machine that is not ours is never touched"),
    GIVEN_TIME("a machine that no job seems to need is given time before it is ended"),
    RIGHT_MACHINE("nobody logs in to a machine that is not the one it should be"),
    LEGAL_JOURNAL("a job's records follow one another as they may"),
    OWNERS_ONLY("only a shard's present owner changes its journal"),
    BOUNDED("no owner takes more messages than it may"),
    COMES_TO_REST("everything comes to rest when the weather is fine");

    private final String sentence;

    Promise(String sentence) {
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }
}
