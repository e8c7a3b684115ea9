package dev.spate.ec2;

import dev.spate.ec2.Ec2Settings.Rate;

/**
 * The actions of the EC2 API that Spate calls. Each has a rate limiter of its own, as it has a
 * bucket of its own at AWS.
 *
 * <p>The default rates are at most half of what AWS documents for an account and region, for the
 * account's other programs, and the group's other workers, draw from the same buckets. AWS:
 * RunInstances 5 tokens, 2 a second; TerminateInstances 100 and 5; describing actions 100 and 20;
 * changing ones 50 and 5. Launches also draw a token a machine from a bucket of 1,000 that refills
 * by 2 a second; who exceeds that is told to wait by EC2 itself.
 *
 * @see <a href="https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html">Request
 *     throttling for the Amazon EC2 API</a>
 */
public enum Ec2Action {
    RUN_INSTANCES("RunInstances", 1, 3),
    TERMINATE_INSTANCES("TerminateInstances", 2.5, 50),
    DESCRIBE_INSTANCES("DescribeInstances", 10, 50),
    DESCRIBE_IMAGES("DescribeImages", 10, 50),
    DESCRIBE_INSTANCE_TYPES("DescribeInstanceTypes", 10, 50),
    DESCRIBE_SPOT_PRICE_HISTORY("DescribeSpotPriceHistory", 5, 25),
    GET_CONSOLE_OUTPUT("GetConsoleOutput", 5, 25),
    DESCRIBE_SECURITY_GROUPS("DescribeSecurityGroups", 10, 50),
    CREATE_SECURITY_GROUP("CreateSecurityGroup", 1, 5),
    AUTHORIZE_SECURITY_GROUP_INGRESS("AuthorizeSecurityGroupIngress", 1, 5);

    private final String word;
    private final double perSecond;
    private final int burst;

    Ec2Action(String word, double perSecond, int burst) {
        this.word = word;
        this.perSecond = perSecond;
        this.burst = burst;
    }

    /** As AWS writes it, in requests, policies and metrics. */
    public String word() {
        return word;
    }

    /** How often it is called at most if the settings do not say otherwise. */
    public Rate defaultRate() {
        return new Rate(perSecond, burst);
    }
}
