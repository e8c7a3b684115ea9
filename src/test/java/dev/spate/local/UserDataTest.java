package dev.spate.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

final class UserDataTest {

    @Test
    void withoutAnyThereIsTheUserOfTheImage() {
        assertThat(UserData.parse(null, "ubuntu").users())
                .containsExactly(new UserData.User("ubuntu", List.of()));
    }

    @Test
    void topLevelKeysAreThoseOfTheUserOfTheImage() {
        UserData userData = parse("#cloud-config\nssh_authorized_keys: [one, two]\n");

        assertThat(userData.users())
                .containsExactly(new UserData.User("ubuntu", List.of("one", "two")));
    }

    @Test
    void listedUsersReplaceTheUserOfTheImageUnlessItIsNamed() {
        String spate = "#cloud-config\nusers:\n  - name: spate\n    ssh_authorized_keys: [one]\n";

        assertThat(parse(spate).users())
                .containsExactly(new UserData.User("spate", List.of("one")));
        assertThat(parse(spate + "  - default\n").users())
                .extracting(UserData.User::name)
                .containsExactly("spate", "ubuntu");
    }

    @Test
    void aTextIsForTheShellAndAListIsForExec() {
        UserData userData = parse("#cloud-config\nbootcmd:\n  - a | b\n  - [echo, 1]\n");

        assertThat(userData.bootCommands())
                .containsExactly(List.of("sh", "-c", "a | b"), List.of("echo", "1"));
    }

    @Test
    void plantsTheHostKey() {
        UserData userData = parse("#cloud-config\nssh_keys:\n  ed25519_private: |\n    PEM\n");

        assertThat(userData.hostKey()).contains("PEM\n");
    }

    @Test
    void readsFilesInPlainTextAndBase64AndPermissionsWithAndWithoutQuotes() {
        UserData userData =
                parse(
                        """
                        #cloud-config
                        write_files:
                          - {path: /a, content: plain, permissions: 0755}
                          - {path: /b, content: aGk=, encoding: b64, permissions: '0600'}
                        """);

        assertThat(userData.files())
                .extracting(file -> new String(file.bytes(), StandardCharsets.UTF_8))
                .containsExactly("plain", "hi");
        assertThat(userData.files())
                .extracting(UserData.WrittenFile::permissions)
                .containsExactly("755", "0600");
    }

    @Test
    void keepsAScriptAsItIs() {
        assertThat(parse("#!/bin/sh\ntrue\n").script()).contains("#!/bin/sh\ntrue\n");
    }

    @Test
    void bootsWithoutWhatItCannotReadAndSaysSo() {
        assertThat(parse("hello").complaints()).hasSize(1);
        assertThat(parse("#cloud-config\n{ not: [yaml").complaints()).hasSize(1);
        assertThat(parse("#cloud-config\nbootcmd: no list\n").complaints()).hasSize(1);
    }

    @Test
    void refusesWhatIsNotBase64() {
        assertThatThrownBy(() -> UserData.parse("=", "ubuntu")).isInstanceOf(ApiException.class);
    }

    private static UserData parse(String text) {
        return UserData.parse(
                Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)),
                "ubuntu");
    }
}
