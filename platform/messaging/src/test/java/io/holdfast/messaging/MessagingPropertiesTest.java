package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("F24")
class MessagingPropertiesTest {

  private static MessagingProperties properties(int inboxDays) {
    return new MessagingProperties(
        4,
        (short) 1,
        Duration.ofDays(7),
        Duration.ofDays(3),
        Duration.ofDays(inboxDays),
        Duration.ofDays(7),
        1,
        1000);
  }

  @Test
  void refusesToForgetAMessageThatCanComeAgain() {
    assertThatThrownBy(() -> properties(17))
        .hasMessageContaining("holdfast.messaging.inbox-retention");
  }

  @Test
  void acceptsAnInboxThatOutlivesEveryReplay() {
    assertThatCode(() -> properties(18)).doesNotThrowAnyException();
  }
}
