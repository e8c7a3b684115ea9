package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "0; $0",
                "0.000000; $0",
                "0.000001; <$0.0001",
                "0.0000999; <$0.0001",
                "0.0001; $0.0001",
                "0.00425; $0.0043",
                "0.1; $0.10",
                "4.125; $4.13",
                "999.5; $999.50",
                "1412.5; $1,413"
            })
    void isShortAndNeverLooksLikeNothing(BigDecimal usd, String text) {
        assertThat(Money.text(usd)).isEqualTo(text);
    }
}
