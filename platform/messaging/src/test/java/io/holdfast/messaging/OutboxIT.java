package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.Outbox.Outgoing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.IllegalTransactionStateException;

class OutboxIT extends RunningMessaging {

  private static final String TOPIC = "somewhere";

  private final Instant start = Instant.now();
  private final SagaId saga = newSaga();

  @Autowired private Outbox outbox;

  @Test
  @Tag("R-outbox")
  void aTransactionIsOneRowHoweverMuchItSays() {
    var messages = messages(500);

    append(messages);

    assertThat(rows()).hasSize(1);
    assertThat(said()).extracting(Envelope::id).isEqualTo(ids(messages));
  }

  @Test
  @Tag("R-outbox")
  void nothingToSayIsNoRow() {
    append(List.of());

    assertThat(rows()).isEmpty();
  }

  @Test
  @Tag("R-outbox")
  void whatATransactionSaysGoesWhereItsEffectGoes() {
    transactions.executeWithoutResult(
        transaction -> {
          effects.store(consumer, List.of(message(saga, 1)));
          outbox.append(outgoing(List.of(message(saga, 1))));
          transaction.setRollbackOnly();
        });

    assertThat(rows()).isEmpty();
    assertThat(effects.of(consumer)).isEmpty();
  }

  @Test
  @Tag("R-outbox")
  void nothingIsSaidOutsideOfATransaction() {
    assertThatThrownBy(() -> outbox.append(outgoing(messages(1))))
        .isInstanceOf(IllegalTransactionStateException.class);

    assertThat(rows()).isEmpty();
  }

  @Test
  @Tag("F52")
  void aBodyThatTheBrokerMightRefuseIsRefusedAndTakesItsTransactionWithIt() {
    var large = message(saga, "test.large.v1", new byte[Outbox.MAX_BODY_BYTES + 1]);

    assertThatThrownBy(() -> append(List.of(message(saga, 1), large)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the body of a test.large.v1 has 262145 bytes, more than 262144");

    assertThat(rows()).isEmpty();
  }

  @Test
  @Tag("F52")
  void aTransactionTooLargeForARowIsSeveralInOrder() {
    var messages =
        IntStream.range(0, 2_100)
            .mapToObj(_ -> message(saga, COUNTED_TYPE, new byte[3_000]))
            .toList();

    append(messages);

    assertThat(rows()).hasSizeBetween(2, 3).allMatch(row -> row.length < 8 * 1024 * 1024);
    assertThat(said()).extracting(Envelope::id).isEqualTo(ids(messages));
  }

  @Test
  @Tag("R-trace")
  void theTraceThatWasSaidIsTheTraceThatIsHandled() {
    var message = message(saga, 1);
    append(List.of(message));
    var handled = new ArrayList<Envelope>();

    consumerOf(handled::addAll).onMessage(poll(said()));

    assertThat(handled).extracting(Envelope::trace).containsExactly(message.trace());
    var answer = handled.getFirst().causes("test", COUNTED_TYPE, new byte[0]);
    assertThat(answer.trace().traceId()).isEqualTo(message.trace().traceId());
    assertThat(answer.trace()).isNotEqualTo(message.trace());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"update outbox set payload = ''", "delete from outbox", "truncate outbox"})
  @Tag("F42")
  void whatIsSaidCannotBeUnsaid(String sql) {
    assertThatThrownBy(() -> jdbc.sql(sql).update())
        .isInstanceOf(DataAccessException.class)
        .hasRootCauseMessage("ERROR: permission denied for table outbox");
  }

  private void append(List<Envelope> messages) {
    transactions.executeWithoutResult(_ -> outbox.append(outgoing(messages)));
  }

  private static List<Outgoing> outgoing(List<Envelope> messages) {
    return messages.stream().map(message -> new Outgoing(TOPIC, message)).toList();
  }

  private static List<UUID> ids(List<Envelope> messages) {
    return messages.stream().map(Envelope::id).toList();
  }

  private static final String ROWS =
      """
      select payload from outbox
      where id >= ? and id < ?
      order by id
      """;

  private List<byte[]> rows() {
    return jdbc.sql(ROWS)
        .params(UuidV7.lowestAt(start), UuidV7.lowestAt(start.plus(Duration.ofHours(1))))
        .query((row, _) -> row.getBytes("payload"))
        .list();
  }

  private List<Envelope> said() {
    return rows().stream()
        .flatMap(row -> PackedMessages.unpack(row).stream())
        .map(message -> EnvelopeCodec.decode(record(message)))
        .toList();
  }
}
