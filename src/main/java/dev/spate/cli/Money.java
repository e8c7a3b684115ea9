package dev.spate.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** US dollars as a person reads them; the page's {@code money} does the same. Pure. */
final class Money {

    private static final int SMALL_DIGITS = 4;
    private static final BigDecimal SMALLEST = BigDecimal.ONE.movePointLeft(SMALL_DIGITS);
    private static final BigDecimal SMALL = new BigDecimal("0.1");
    private static final BigDecimal LARGE = BigDecimal.valueOf(1_000);

    private Money() {}

    /**
     * {@code $0.0042}, {@code $4.12}, {@code $1,412}; what is less than can be shown is said so.
     */
    static String text(BigDecimal usd) {
        if (usd.signum() == 0) {
            return "$0";
        }
        if (usd.compareTo(SMALLEST) < 0) {
            return "<$" + SMALLEST.toPlainString();
        }
        if (usd.compareTo(LARGE) >= 0) {
            return String.format(
                    Locale.ROOT, "$%,d", usd.setScale(0, RoundingMode.HALF_UP).toBigInteger());
        }
        int digits = usd.compareTo(SMALL) < 0 ? SMALL_DIGITS : 2;
        return "$" + usd.setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }
}
