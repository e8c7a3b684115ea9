package dev.spate.lab;

import java.util.Arrays;
import java.util.List;

/** Medians and percentiles. */
final class Figures {

    private Figures() {}

    /** The middle one; of an even number, the mean of the two. */
    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * The value that a share of all does not exceed, in milliseconds.
     *
     * @param nanos at least one
     * @param percent 0 to 100
     */
    static double percentileMillis(List<Long> nanos, double percent) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.max(0, rank - 1)] / 1e6;
    }
}
