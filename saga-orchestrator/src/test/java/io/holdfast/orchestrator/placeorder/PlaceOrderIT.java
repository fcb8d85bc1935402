package io.holdfast.orchestrator.placeorder;

import static io.holdfast.contracts.Phase.CANCEL;
import static io.holdfast.contracts.Phase.CONFIRM;
import static io.holdfast.contracts.Phase.TRY;
import static io.holdfast.contracts.inventory.InventoryContract.INVENTORY;
import static io.holdfast.contracts.payment.PaymentContract.PAYMENT;
import static io.holdfast.contracts.wallet.WalletContract.WALLET;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.inventory.HoldStock;
import io.holdfast.contracts.payment.AuthorizePayment;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.contracts.wallet.BalanceHeld;
import io.holdfast.contracts.wallet.HoldBalance;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.EnvelopeCodec;
import io.holdfast.messaging.Json;
import io.holdfast.orchestrator.RunningOrchestrator;
import io.holdfast.testing.TestServers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The shipped saga through Kafka, from the topics that the services write. */
@Tag("R-S1")
class PlaceOrderIT extends RunningOrchestrator {

  private static final PlaceOrder ORDER =
      new PlaceOrder(
          UUID.randomUUID(),
          List.of(new PlaceOrder.Line("PEN", 2), new PlaceOrder.Line("TEA", 1)),
          900,
          "EUR",
          "pm_card_visa");

  @Test
  void anOrderThatWalletAndCardPayIsConfirmed() {
    var order = newSaga();
    try (var kafka = producer()) {
      publish(kafka, SagaContract.REQUESTS_TOPIC, start(order));
      var stock = awaitCommand(order, INVENTORY, TRY);
      var balance = awaitCommand(order, WALLET, TRY);
      publish(kafka, INVENTORY.repliesTopic(), answer(stock, ""));
      publish(kafka, WALLET.repliesTopic(), answer(balance, Json.text(new BalanceHeld(250))));
      var card = awaitCommand(order, PAYMENT, TRY);
      publish(kafka, PAYMENT.repliesTopic(), answer(card, ""));
      var capture = awaitCommand(order, PAYMENT, CONFIRM);
      publish(kafka, PAYMENT.repliesTopic(), answer(capture, ""));
      publish(kafka, INVENTORY.repliesTopic(), answer(awaitCommand(order, INVENTORY, CONFIRM), ""));
      publish(kafka, WALLET.repliesTopic(), answer(awaitCommand(order, WALLET, CONFIRM), ""));

      awaitState(order, "CONFIRMED");
      assertThat(Json.read(stock.body(), HoldStock.class).lines()).hasSize(2);
      assertThat(Json.read(balance.body(), HoldBalance.class))
          .isEqualTo(new HoldBalance(ORDER.walletId(), 900, "EUR", true));
      assertThat(Json.read(card.body(), AuthorizePayment.class))
          .isEqualTo(new AuthorizePayment(650, "EUR", "pm_card_visa"));
      assertThat(capture.body()).isEmpty();
      assertThat(brief(order)).hasSize(7).endsWith("place-order ended CONFIRMED");
    }
  }

  @Test
  void aRefusalReachesTheStarterWithItsReason() {
    var order = newSaga();
    try (var kafka = producer()) {
      publish(kafka, SagaContract.REQUESTS_TOPIC, start(order));
      var stock = awaitCommand(order, INVENTORY, TRY);
      publish(
          kafka,
          INVENTORY.repliesTopic(),
          stock
              .causes(
                  "inventory",
                  SagaContract.REFUSED_TYPE,
                  Json.bytes(new Reason("INSUFFICIENT_STOCK", "insufficient stock: PEN")))
              .about(INVENTORY.name(), TRY, stock.attempt()));
      publish(kafka, WALLET.repliesTopic(), answer(awaitCommand(order, WALLET, CANCEL), ""));

      awaitState(order, "CANCELLED");
      assertThat(brief(order))
          .containsExactly(
              "inventory TRY #1",
              "wallet TRY #1",
              "wallet CANCEL #1",
              "place-order ended CANCELLED INSUFFICIENT_STOCK");
      assertThat(said(order).getLast().body())
          .asString()
          .contains("\"detail\":\"insufficient stock: PEN\"");
    }
  }

  @Test
  @Tag("R-O6")
  void anOrderThatNeedsApprovalWaitsForTheWordAndThenAsks() {
    var approved = newSaga();
    var rejected = newSaga();
    var dear =
        Json.text(
            new PlaceOrder(
                UUID.randomUUID(), ORDER.lines(), 900, "EUR", null, "GIFT", List.of(), true));
    var reason = new Reason("REJECTED", "the reviewer said no");

    deliver(start(approved, PlaceOrder.DEFINITION, dear));
    deliver(start(rejected, PlaceOrder.DEFINITION, dear));
    var before = row(approved).state();
    deliver(yes(approved, PlaceOrder.APPROVAL), no(rejected, PlaceOrder.APPROVAL, reason));

    assertThat(before).isEqualTo("AWAITING");
    assertThat(brief(approved)).containsExactly("inventory TRY #1", "wallet TRY #1");
    assertThat(brief(rejected)).containsExactly("place-order ended CANCELLED REJECTED");
  }

  private static Envelope start(SagaId order) {
    return start(order, PlaceOrder.DEFINITION, Json.text(ORDER));
  }

  private static Envelope answer(Envelope command, String data) {
    return command
        .causes("/test", SagaContract.DONE_TYPE, data.getBytes(UTF_8))
        .about(
            String.valueOf(command.step()),
            Objects.requireNonNull(command.phase()),
            command.attempt());
  }

  private Envelope awaitCommand(SagaId order, ParticipantContract<?> participant, Phase phase) {
    return await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                said(order).stream()
                    .filter(message -> message.type().equals(participant.commandType(phase)))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private void awaitState(SagaId order, String state) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> row(order).state().equals(state));
  }

  private static KafkaProducer<String, byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", TestServers.kafka().bootstrapServers(), "acks", "all"),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  /** As a service's relay does. */
  private static void publish(KafkaProducer<String, byte[]> kafka, String topic, Envelope message) {
    var encoded = EnvelopeCodec.encode(topic, message);
    var record = new ProducerRecord<>(encoded.topic(), encoded.key(), encoded.body());
    encoded.headers().forEach(h -> record.headers().add(h.name(), h.value().getBytes(UTF_8)));
    assertThat(kafka.send(record)).succeedsWithin(Duration.ofSeconds(20));
  }
}
