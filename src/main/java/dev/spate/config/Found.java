package dev.spate.config;

/**
 * A value that somebody configured.
 *
 * @param text as it is written
 * @param place where: a variable's name, or file and line
 */
record Found(String text, String place) {

    /** Keeps secrets out of logs. */
    @Override
    public String toString() {
        return "Found[" + place + "]";
    }
}
