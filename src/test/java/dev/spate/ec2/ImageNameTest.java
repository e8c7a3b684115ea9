package dev.spate.ec2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.model.Image;

final class ImageNameTest {

    private static final String CANONICAL = "099720109477";
    private static final String NOBLE =
            "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-";

    private final ImageName ubuntu =
            Objects.requireNonNull(ImageName.WELL_KNOWN.get("ubuntu-24.04"));

    @Test
    void knowsUbuntuDebianAndAmazonLinuxForBothArchitectures() {
        assertThat(ImageName.WELL_KNOWN)
                .containsOnlyKeys(
                        "ubuntu-24.04", "ubuntu-24.04-arm64",
                        "ubuntu-22.04", "ubuntu-22.04-arm64",
                        "debian-12", "debian-12-arm64",
                        "debian-13", "debian-13-arm64",
                        "amazon-linux-2023", "amazon-linux-2023-arm64",
                        "al2023", "al2023-arm64");
    }

    @Test
    void takesTheNewestAvailableImageOfTheOwner() {
        List<Image> images =
                List.of(
                        image("ami-old", CANONICAL, NOBLE + "20260212", "2026-02-12", "available"),
                        image("ami-new", CANONICAL, NOBLE + "20260915", "2026-09-15", "available"),
                        image("ami-bad", CANONICAL, NOBLE + "20261001", "2026-10-01", "pending"),
                        image(
                                "ami-evil",
                                "666666666666",
                                NOBLE + "20261120",
                                "2026-11-20",
                                "available"));

        assertThat(Images.newest(ubuntu, images)).map(Image::imageId).contains("ami-new");
    }

    @Test
    void takesNoImageOfAnotherArchitecture() {
        String arm = NOBLE.replace("amd64", "arm64") + "20260915";

        assertThat(ubuntu.matches(CANONICAL, arm)).isFalse();
        assertThat(ubuntu.matches(CANONICAL, NOBLE + "20260915")).isTrue();
    }

    @Test
    void refusesOwnersThatAreNoAccounts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ImageName("amazon", "al2023-*"))
                .withMessage("owner: expected an account of 12 digits, found \"amazon\"");
    }

    private static Image image(String id, String owner, String name, String day, String state) {
        return Image.builder()
                .imageId(id)
                .ownerId(owner)
                .name(name)
                .creationDate(day + "T06:30:11.000Z")
                .state(state)
                .build();
    }
}
