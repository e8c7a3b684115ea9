package dev.spate.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.FakeScheduler;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OwnAddressTest {

    private final FakeScheduler scheduler = new FakeScheduler();

    @Test
    void isWhatItListensOn() {
        assertThat(OwnAddress.of("10.0.0.1", OwnAddressTest::unknown, scheduler))
                .isEqualTo("10.0.0.1");
    }

    @Test
    void isLookedUpIfItListensOnAll() {
        assertThat(OwnAddress.of("0.0.0.0", OwnAddressTest::known, scheduler))
                .isEqualTo("10.1.2.3");
    }

    @Test
    void isLoopbackIfTheMachineHasNoName() {
        assertThat(OwnAddress.of("::", OwnAddressTest::unknown, scheduler)).isEqualTo("127.0.0.1");
    }

    @Test
    void isNotWaitedForForLong() {
        Instant began = scheduler.now();

        String address =
                OwnAddress.of(
                        "0.0.0.0",
                        () -> {
                            scheduler.sleep(Duration.ofMinutes(5));
                            return known();
                        },
                        scheduler);

        assertThat(address).isEqualTo("127.0.0.1");
        assertThat(Duration.between(began, scheduler.now())).isEqualTo(Duration.ofSeconds(3));
    }

    private static InetAddress known() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 1, 2, 3});
    }

    private static InetAddress unknown() throws UnknownHostException {
        throw new UnknownHostException("nameless");
    }
}
