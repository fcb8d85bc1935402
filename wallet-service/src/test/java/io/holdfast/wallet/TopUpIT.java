package io.holdfast.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.contracts.payment.TopUpSucceeded;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.EnvelopeCodec;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.TraceParent;
import io.holdfast.messaging.UuidV7;
import io.holdfast.testing.HoldfastTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@HoldfastTest("spring.config.name=wallet-service")
@Tag("R-P3")
class TopUpIT {

  private final AtomicLong offset = new AtomicLong(System.nanoTime());

  @LocalServerPort private int port;
  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;
  private WalletHttp http;

  @BeforeEach
  void connect() {
    http = new WalletHttp(port);
  }

  /** The same top-up, in a message of its own. */
  private void deliver(UUID topUpId, UUID walletId, long amountMinor, String currency) {
    deliver(List.of(record(topUpId, walletId, amountMinor, currency)));
  }

  private void deliver(List<ConsumerRecord<String, byte[]>> records) {
    consumers.listener("wallet-top-ups").onMessage(records);
  }

  private ConsumerRecord<String, byte[]> record(
      UUID topUpId, UUID walletId, long amountMinor, String currency) {
    var message =
        EnvelopeCodec.encode(
            PaymentContract.EVENTS_TOPIC,
            Envelope.first(
                "payment-service",
                PaymentContract.TOP_UP_SUCCEEDED_TYPE,
                new SagaId(topUpId),
                TraceParent.random(),
                Json.bytes(new TopUpSucceeded(topUpId, walletId, amountMinor, currency))));
    var record =
        new ConsumerRecord<>(
            message.topic(), 0, offset.getAndIncrement(), message.key(), message.body());
    for (var header : message.headers()) {
      record.headers().add(header.name(), header.value().getBytes(StandardCharsets.UTF_8));
    }
    return record;
  }

  @Test
  @Tag("R-W2")
  void sameTopUpHundredTimesAtOnceIsCreditedOnce() {
    var walletId = UuidV7.next();
    var topUpId = UuidV7.next();

    Race.of(
        100,
        _ ->
            () -> {
              deliver(topUpId, walletId, 500, "EUR");
              return true;
            });

    assertThat(http.wallet(walletId)).isEqualTo(new Wallet(walletId, "EUR", 500, 0, 0, 0, 500, 0));
    http.checkLedger();
  }

  @Test
  @Tag("R-W2")
  void topUpsThatCallbackAndPollingTellAtTheSameTimeAreCreditedOnceEach() {
    var walletId = UuidV7.next();
    var topUps = Stream.generate(UuidV7::next).limit(10).toList();

    Race.of(
        120,
        i ->
            () -> {
              var mine = topUps.get(i % topUps.size());
              var other = topUps.get((i + 1) % topUps.size());
              // The provider's callback and our own question each make a message; both may also
              // come in one batch.
              deliver(
                  i % 2 == 0
                      ? List.of(record(mine, walletId, 500, "EUR"))
                      : List.of(
                          record(mine, walletId, 500, "EUR"),
                          record(other, walletId, 500, "EUR"),
                          record(mine, walletId, 500, "EUR")));
              return true;
            });

    assertThat(http.wallet(walletId))
        .isEqualTo(new Wallet(walletId, "EUR", 5_000, 0, 0, 0, 5_000, 0));
    http.checkLedger();
  }

  @Test
  void topUpThatCannotBeCreditedIsParkedForAnOperator() {
    var walletId = http.walletWith(100);
    var topUpId = UuidV7.next();

    deliver(topUpId, walletId, 500, "USD");

    assertThat(http.wallet(walletId).creditedMinor()).isEqualTo(100);
    assertThat(
            jdbc.sql("select count(*) from parked_message where reason like ?")
                .param("%" + topUpId + "%")
                .query(Long.class)
                .single())
        .isEqualTo(1);
  }
}
