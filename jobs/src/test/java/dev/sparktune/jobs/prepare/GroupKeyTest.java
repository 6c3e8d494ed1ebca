package dev.sparktune.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.run.JobFailure;
import org.junit.jupiter.api.Test;

class GroupKeyTest {
    @Test
    void theSameKeyHidesAGroupTheSameWay() {
        // python3 -c "import hmac; print(hmac.digest(b'0123456789abcdef', b'customer 1', 'sha256').hex()[:32])"
        assertThat(GroupKey.of("0123456789abcdef").idOf("customer 1")).isEqualTo("46f3846256476d4a92bbdb8fc571d485");
        assertThat(GroupKey.of("0123456789abcdeg").idOf("customer 1")).isNotEqualTo("46f3846256476d4a92bbdb8fc571d485");
    }

    @Test
    void withoutAKeyEveryRunHasItsOwn() {
        GroupKey key = GroupKey.of(null);
        assertThat(key.idOf("customer 1")).isEqualTo(key.idOf("customer 1")).isNotEqualTo(key.idOf("customer 2"));
        assertThat(key.idOf("customer 1")).isNotEqualTo(GroupKey.of("").idOf("customer 1"));
    }

    @Test
    void aShortKeyIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> GroupKey.of("secret"))
                .isInstanceOf(JobFailure.class)
                .hasMessage("the environment's SPARKTUNE_GROUP_KEY has 6 bytes; a key needs at least 16");
    }
}
