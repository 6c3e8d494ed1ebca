package dev.sparktune.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.settings.PrivacySettings;
import dev.sparktune.jobs.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupKeyTest {
    /** python3 -c "import hmac; print(hmac.digest(b'0123456789abcdef', b'customer 1', 'sha256').hex()[:32])" */
    private static final String HIDDEN = "46f3846256476d4a92bbdb8fc571d485";

    @TempDir
    Path directory;

    @Test
    void theSameKeyHidesAGroupTheSameWay() throws IOException {
        assertThat(hashed(Map.of("SPARKTUNE_GROUP_KEY", "0123456789abcdef")).idOf("customer 1"))
                .isEqualTo(HIDDEN);
        assertThat(hashed(Map.of("SPARKTUNE_GROUP_KEY", "0123456789abcdeg")).idOf("customer 1"))
                .isNotEqualTo(HIDDEN);
    }

    @Test
    void aKeyMayLieInAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("key"), "0123456789abcdef\n");
        assertThat(hashed(Map.of("SPARKTUNE_GROUP_KEY_FILE", file.toString())).idOf("customer 1"))
                .isEqualTo(HIDDEN);
        Map<String, String> another = Map.of("SPARKTUNE_GROUP_KEY", "another key of bytes");
        assertThat(of("hashed", file.toString(), another).idOf("customer 1")).isEqualTo(HIDDEN);
    }

    @Test
    void anotherKeyIsToldFromTheSame() {
        PrivacySettings hashed = new PrivacySettings("hashed", null, true);
        String tag = GroupKey.tag(hashed, Map.of("SPARKTUNE_GROUP_KEY", "0123456789abcdef"))
                .orElseThrow();
        assertThat(tag).matches("[0-9a-f]{32}");
        assertThat(GroupKey.tag(hashed, Map.of("SPARKTUNE_GROUP_KEY", "0123456789abcdef")))
                .hasValue(tag);
        assertThat(GroupKey.tag(hashed, Map.of("SPARKTUNE_GROUP_KEY", "0123456789abcdeg")))
                .isNotEmpty()
                .isNotEqualTo(Optional.of(tag));
        assertThat(GroupKey.tag(hashed, Map.of())).isEmpty();
        assertThat(GroupKey.file(hashed, Map.of("SPARKTUNE_GROUP_KEY_FILE", "/run/key")))
                .hasValue("/run/key");
        assertThat(GroupKey.file(new PrivacySettings("hashed", "mine", true), Map.of()))
                .hasValue("mine");
        PrivacySettings raw = new PrivacySettings("raw", null, true);
        assertThat(GroupKey.tag(raw, Map.of("SPARKTUNE_GROUP_KEY", "0123456789abcdef")))
                .isEmpty();
        assertThat(GroupKey.file(raw, Map.of("SPARKTUNE_GROUP_KEY_FILE", "/run/key")))
                .isEmpty();
    }

    @Test
    void withoutAKeyEveryRunHasItsOwn() throws IOException {
        GroupKey key = hashed(Map.of());
        assertThat(key.idOf("customer 1")).isEqualTo(key.idOf("customer 1")).isNotEqualTo(key.idOf("customer 2"));
        assertThat(key.idOf("customer 1"))
                .matches("[0-9a-f]{32}")
                .isNotEqualTo(hashed(Map.of("SPARKTUNE_GROUP_KEY", "")).idOf("customer 1"));
    }

    @Test
    void aGroupIsLeftAsItIsOrOutOnDemand() throws IOException {
        assertThat(of("raw", null, Map.of()).idOf("customer 1")).isEqualTo("customer 1");
        assertThat(of("none", null, Map.of()).idOf("customer 1")).isNull();
        assertThatThrownBy(() -> GroupKey.check(new PrivacySettings("raw", "key", true)))
                .isInstanceOf(SettingsException.class)
                .hasMessage("privacy.group_key_file: is given, but privacy.group_id is raw");
    }

    @Test
    void whatIsNoKeyIsRefusedWithoutShowingIt() throws IOException {
        assertThatThrownBy(() -> hashed(Map.of("SPARKTUNE_GROUP_KEY", "secret")))
                .isInstanceOf(JobFailure.class)
                .hasMessage("the environment's SPARKTUNE_GROUP_KEY has 6 bytes; a key needs at least 16");
        Path file = Files.writeString(directory.resolve("short"), "secret\r\n");
        assertThatThrownBy(() -> of("hashed", file.toString(), Map.of()))
                .isInstanceOf(JobFailure.class)
                .hasMessage("privacy.group_key_file: " + file + " has 6 bytes; a key needs at least 16");
        assertThatThrownBy(() -> of("hashed", file + "er", Map.of()))
                .isInstanceOf(JobFailure.class)
                .hasMessage(file + "er: no such file");
        assertThatThrownBy(() -> hashed(Map.of("SPARKTUNE_GROUP_KEY", "a", "SPARKTUNE_GROUP_KEY_FILE", "b")))
                .isInstanceOf(JobFailure.class)
                .hasMessage("the environment has both SPARKTUNE_GROUP_KEY and SPARKTUNE_GROUP_KEY_FILE;"
                        + " one key is enough");
    }

    private static GroupKey hashed(Map<String, String> environment) throws IOException {
        return of("hashed", null, environment);
    }

    private static GroupKey of(String groupId, String file, Map<String, String> environment) throws IOException {
        return GroupKey.of(new PrivacySettings(groupId, file, true), environment, new Locations(new Configuration()));
    }
}
