package dev.spate.ec2;

import dev.spate.async.Deadline;
import dev.spate.async.Scheduler;
import dev.spate.job.Answer;
import dev.spate.job.Failure;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSpotPriceHistoryRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSpotPriceHistoryResponse;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.SpotPrice;

/**
 * Machine types and their spot prices. Types are asked for by filter, because one unknown type
 * would fail the others' call.
 */
final class MachineTypes {

    private static final Logger log = LoggerFactory.getLogger(MachineTypes.class);

    private static final Duration TYPE_TIME_TO_LIVE = Duration.ofHours(1);
    private static final Duration PRICE_TIME_TO_LIVE = Duration.ofMinutes(5);

    /** EC2 answers with at most so many types a page. */
    private static final int TYPES_MAX = 100;

    private static final int PRICES_PAGE_SIZE = 1_000;

    private final Ec2Api api;
    private final Scheduler scheduler;
    private final Memory<String> types;
    private final Memory<BigDecimal> spotPrices;

    MachineTypes(Ec2Api api, Scheduler scheduler) {
        this.api = api;
        this.scheduler = scheduler;
        this.types = new Memory<>(scheduler, TYPE_TIME_TO_LIVE, this::askTypes);
        this.spotPrices = new Memory<>(scheduler, PRICE_TIME_TO_LIVE, this::askPrices);
    }

    /** Those of the names that the region has. */
    Answer<Set<String>> known(Set<String> names, Deadline deadline) throws InterruptedException {
        return types.get(names, deadline).map(found -> Set.copyOf(found.keySet()));
    }

    /**
     * The lowest spot price of each type over the region's zones, in dollars an hour. Jobs run
     * without knowing prices: if EC2 does not tell them they are missing.
     */
    Map<String, BigDecimal> spotUsdPerHour(Set<String> names, Deadline deadline)
            throws InterruptedException {
        return switch (spotPrices.get(names, deadline)) {
            case Answer.Ok<Map<String, BigDecimal>>(Map<String, BigDecimal> prices) -> prices;
            case Answer.Failed<Map<String, BigDecimal>>(Failure failure) -> {
                log.warn("Planning without spot prices: {}", failure.message());
                yield Map.of();
            }
        };
    }

    private Answer<Map<String, String>> askTypes(Set<String> names, Deadline deadline)
            throws InterruptedException {
        Map<String, String> found = new HashMap<>();
        for (List<String> part : Instances.parts(names, TYPES_MAX)) {
            switch (askTypes(part, deadline)) {
                case Answer.Failed<List<String>> failed -> {
                    return failed.as();
                }
                case Answer.Ok<List<String>>(List<String> types) ->
                        types.forEach(type -> found.put(type, type));
            }
        }
        return Answer.ok(found);
    }

    private Answer<List<String>> askTypes(List<String> names, Deadline deadline)
            throws InterruptedException {
        var request =
                DescribeInstanceTypesRequest.builder()
                        .filters(Instances.filter("instance-type", names))
                        .maxResults(TYPES_MAX);
        return new Pages<>(
                        Ec2Action.DESCRIBE_INSTANCE_TYPES,
                        (client, token) ->
                                client.describeInstanceTypes(request.nextToken(token).build()),
                        DescribeInstanceTypesResponse::instanceTypes,
                        DescribeInstanceTypesResponse::nextToken)
                .read(api, deadline)
                .map(types -> types.stream().map(InstanceTypeInfo::instanceTypeAsString).toList());
    }

    private Answer<Map<String, BigDecimal>> askPrices(Set<String> names, Deadline deadline)
            throws InterruptedException {
        var request =
                DescribeSpotPriceHistoryRequest.builder()
                        .instanceTypesWithStrings(names.stream().sorted().toList())
                        .productDescriptions("Linux/UNIX")
                        // From now on means the present price of every zone, and no history.
                        .startTime(scheduler.now())
                        .maxResults(PRICES_PAGE_SIZE);
        return new Pages<>(
                        Ec2Action.DESCRIBE_SPOT_PRICE_HISTORY,
                        (client, token) ->
                                client.describeSpotPriceHistory(request.nextToken(token).build()),
                        DescribeSpotPriceHistoryResponse::spotPriceHistory,
                        DescribeSpotPriceHistoryResponse::nextToken)
                .read(api, deadline)
                .map(MachineTypes::lowest);
    }

    private static Map<String, BigDecimal> lowest(List<SpotPrice> prices) {
        Map<String, BigDecimal> lowest = new HashMap<>();
        for (SpotPrice price : prices) {
            usd(price)
                    .ifPresent(
                            usd ->
                                    lowest.merge(
                                            price.instanceTypeAsString(), usd, BigDecimal::min));
        }
        return lowest;
    }

    private static Optional<BigDecimal> usd(SpotPrice price) {
        try {
            return Optional.of(new BigDecimal(price.spotPrice()));
        } catch (NumberFormatException | NullPointerException notAPrice) {
            return Optional.empty();
        }
    }
}
