package dev.spate.local;

import java.util.Objects;

/**
 * How a {@link SimulatedCloud} behaves at the moment. It may change while the cloud runs.
 *
 * @param delays how long things take
 * @param limits what there is not enough of
 * @param faults what goes wrong
 */
public record Weather(Delays delays, Limits limits, Faults faults) {

    /** Quick and kind: {@link Delays#SHORT}, {@link Limits#GENEROUS}, {@link Faults#NONE}. */
    public static final Weather FAIR = new Weather(Delays.SHORT, Limits.GENEROUS, Faults.NONE);

    public Weather {
        Objects.requireNonNull(delays, "delays");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(faults, "faults");
    }

    /** The same with other delays. */
    public Weather with(Delays value) {
        return new Weather(value, limits, faults);
    }

    /** The same with other limits. */
    public Weather with(Limits value) {
        return new Weather(delays, value, faults);
    }

    /** The same with other faults. */
    public Weather with(Faults value) {
        return new Weather(delays, limits, value);
    }

    /**
     * The same with one setting changed, by the name a command line would use for it: {@link
     * WeatherSettings} lists the names.
     *
     * @throws IllegalArgumentException naming the setting, if it is unknown or its value is bad
     */
    public Weather with(String name, String value) {
        return WeatherSettings.apply(this, name, value);
    }
}
