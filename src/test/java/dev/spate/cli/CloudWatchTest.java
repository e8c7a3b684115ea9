package dev.spate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spate.async.FakeScheduler;
import dev.spate.fleet.FleetEvents;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudWatchTest {

    private final FakeScheduler clock = new FakeScheduler(1);
    private final CloudWatch watch = new CloudWatch(FleetEvents.NONE, clock);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connection",
                "timeout",
                "UnauthorizedOperation",
                "ExpiredToken",
                "AuthFailure",
                "AuthFailure.ServiceLinkedRoleCreationNotPermitted"
            })
    void tellsOfATroubleThatLasts(String code) {
        call(code);
        clock.advance(Duration.ofSeconds(61));
        call(code);

        assertThat(watch.trouble()).hasValue("EC2: DescribeInstances fails: " + code);
    }

    @Test
    void tellsNothingOfWhatGoesBy() {
        call("connection");
        clock.advance(Duration.ofSeconds(59));
        call("connection");
        assertThat(watch.trouble()).isEmpty();

        clock.advance(Duration.ofMinutes(10));
        call("ok");
        call("connection");
        assertThat(watch.trouble()).isEmpty();
    }

    @Test
    void isNotTroubledByWhatEc2AnswersInGoodOrder() {
        for (int minute = 0; minute < 3; minute++) {
            call("InsufficientInstanceCapacity");
            call("RequestLimitExceeded");
            clock.advance(Duration.ofMinutes(1));
        }

        assertThat(watch.trouble()).isEmpty();
    }

    private void call(String code) {
        watch.cloudCall("DescribeInstances", code, Duration.ofMillis(5));
    }
}
