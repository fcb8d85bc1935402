package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.messaging.OutboxMessage.Header;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackedMessagesTest {

  private static final List<OutboxMessage> MESSAGES =
      List.of(
          new OutboxMessage(
              "wallet.commands",
              "key-ü",
              List.of(new Header("ce_id", "1"), new Header("ce_id", "2")),
              new byte[] {1, 2, 3}),
          new OutboxMessage("saga.events", "", List.of(), new byte[0]));

  @Test
  void unpacksWhatWasPackedInOrder() {
    var unpacked = PackedMessages.unpack(PackedMessages.pack(MESSAGES));

    assertThat(unpacked).usingRecursiveComparison().isEqualTo(MESSAGES);
  }

  @Test
  void refusesEveryShorterPayload() {
    byte[] payload = PackedMessages.pack(MESSAGES);

    for (int length = 0; length < payload.length; length++) {
      byte[] cut = Arrays.copyOf(payload, length);
      assertThatThrownBy(() -> PackedMessages.unpack(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void refusesBytesAfterTheLastMessage() {
    byte[] payload = PackedMessages.pack(MESSAGES);

    assertThatThrownBy(() -> PackedMessages.unpack(Arrays.copyOf(payload, payload.length + 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void storesWhatMessagesHaveInCommonOnce() {
    int one = PackedMessages.pack(List.of(MESSAGES.getFirst())).length;

    int two = PackedMessages.pack(List.of(MESSAGES.getFirst(), MESSAGES.getFirst())).length;

    int numbersAndBody = 4 + 4 + 2 + 2 * (4 + 4) + 4 + MESSAGES.getFirst().body().length;
    assertThat(two - one).isEqualTo(numbersAndBody);
  }

  /** Whatever a damaged disk may say: never another exception, never an endless loop. */
  @Test
  void refusesOrReadsEveryPayloadWithAWrongByte() {
    byte[] payload = PackedMessages.pack(MESSAGES);

    for (int i = 0; i < payload.length; i++) {
      byte[] wrong = payload.clone();
      wrong[i] ^= (byte) 0xff;
      try {
        assertThat(PackedMessages.unpack(wrong)).isNotNull();
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageContaining("outbox payload");
      }
    }
  }

  @Test
  void refusesAnUnknownVersion() {
    byte[] payload = PackedMessages.pack(MESSAGES);
    payload[0] = 9;

    assertThatThrownBy(() -> PackedMessages.unpack(payload)).hasMessageContaining("version 9");
  }
}
