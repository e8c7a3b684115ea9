package dev.spate.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.FakeScheduler;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class OwnAddressTest {

    private final FakeScheduler scheduler = new FakeScheduler();

    @Test
    void isWhatItListensOn() {
        assertThat(OwnAddress.of("10.0.0.1", OwnAddressTest::unknown, List::of, scheduler))
                .isEqualTo("10.0.0.1");
    }

    @Test
    void isLookedUpIfItListensOnAll() {
        assertThat(OwnAddress.of("0.0.0.0", OwnAddressTest::known, List::of, scheduler))
                .isEqualTo("10.1.2.3");
    }

    @Test
    void isLoopbackIfTheMachineHasNoName() {
        assertThat(OwnAddress.of("::", OwnAddressTest::unknown, List::of, scheduler))
                .isEqualTo("127.0.0.1");
    }

    @Test
    void isOneOfANetworkInterfaceIfTheMachineHasNoName() {
        List<InetAddress> interfaces =
                List.of(
                        address("127.0.0.1"),
                        address("169.254.1.1"),
                        address("fd00::1%1"),
                        address("203.0.113.5"),
                        address("10.9.8.7"),
                        address("172.17.0.1"));

        assertThat(found(OwnAddressTest::unknown, interfaces)).isEqualTo("10.9.8.7");
        assertThat(found(OwnAddressTest::unknown, interfaces.subList(0, 4)))
                .isEqualTo("203.0.113.5");
        assertThat(found(OwnAddressTest::unknown, interfaces.subList(0, 3)))
                .isEqualTo("fd00:0:0:0:0:0:0:1");
    }

    @Test
    void isOneOfANetworkInterfaceIfTheNameLeadsToTheMachineItself() {
        assertThat(found(() -> address("127.0.1.1"), List.of(address("10.9.8.7"))))
                .isEqualTo("10.9.8.7");
    }

    @Test
    void knowsTheNetworkInterfacesOfThisMachine() {
        assertThat(OwnAddress.ofInterfaces()).anyMatch(InetAddress::isLoopbackAddress);
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
                        List::of,
                        scheduler);

        assertThat(address).isEqualTo("127.0.0.1");
        assertThat(Duration.between(began, scheduler.now())).isEqualTo(Duration.ofSeconds(3));
    }

    private String found(Callable<InetAddress> lookup, List<InetAddress> interfaces) {
        return OwnAddress.of("0.0.0.0", lookup, () -> interfaces, scheduler);
    }

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    private static InetAddress known() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 1, 2, 3});
    }

    private static InetAddress unknown() throws UnknownHostException {
        throw new UnknownHostException("nameless");
    }
}
