package io.holdfast.payment.transfer;

import static io.holdfast.payment.FaultyNetwork.Fault.ANSWER_LOST;
import static io.holdfast.payment.FaultyNetwork.Fault.LOST;
import static io.holdfast.payment.FaultyNetwork.Fault.NONE;
import static io.holdfast.payment.FaultyNetwork.Fault.UNAVAILABLE;
import static io.holdfast.payment.FaultyNetwork.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.contracts.payment.TopUpSucceeded;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.UuidV7;
import io.holdfast.participant.Settlement;
import io.holdfast.participant.testing.OutboxReader;
import io.holdfast.payment.Notifier;
import io.holdfast.payment.PaymentProperties;
import io.holdfast.payment.PaymentServiceTest;
import io.holdfast.payment.card.PaymentStore;
import io.holdfast.payment.provider.ProviderRecord;
import io.holdfast.payment.provider.TransferKind;
import io.holdfast.payment.provider.TransferProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.client.RestClient;

/** Money from a card for a wallet: it arrives once, whoever hears of it first. */
@PaymentServiceTest
@Tag("R-P3")
class TopUpIT {

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final int ACTORS = 100;

  @Autowired private JdbcClient jdbc;
  @Autowired private MeterRegistry metrics;
  @Autowired private TransferStore store;
  @Autowired private PaymentStore payments;
  @Autowired private TransferProvider provider;
  @Autowired private Settlement settlement;
  @Autowired private Outbox outbox;
  @Autowired private TransactionTemplate transactions;
  @Autowired private PaymentProperties properties;

  @Value("${local.server.port}")
  private int port;

  private final Instant start = Instant.now();

  @AfterEach
  void healNetwork() {
    NETWORK.heals();
  }

  private Map<String, Object> request(UUID id, UUID wallet, long amount, String card) {
    return Map.of(
        "topUpId",
        id,
        "walletId",
        wallet,
        "amountMinor",
        amount,
        "currency",
        "EUR",
        "paymentMethod",
        card);
  }

  private ResponseEntity<Map<String, Object>> post(Map<String, Object> request) {
    return RestClient.create("http://localhost:" + port)
        .post()
        .uri("/top-ups")
        .contentType(MediaType.APPLICATION_JSON)
        .body(request)
        .retrieve()
        .onStatus(_ -> true, (_, _) -> {})
        .toEntity(new ParameterizedTypeReference<>() {});
  }

  private Map<String, Object> get(UUID id) {
    Map<String, Object> body =
        RestClient.create("http://localhost:" + port)
            .get()
            .uri("/top-ups/{id}", id)
            .retrieve()
            .onStatus(_ -> true, (_, _) -> {})
            .body(new ParameterizedTypeReference<>() {});
    return Objects.requireNonNull(body);
  }

  private UUID topUp(String card) {
    var id = UuidV7.next();
    assertThat(post(request(id, UUID.randomUUID(), 2_500, card)).getStatusCode().value())
        .isEqualTo(202);
    return id;
  }

  private void ends(UUID id, String state) {
    await()
        .atMost(LONGEST_WAIT)
        .untilAsserted(() -> assertThat(get(id)).containsEntry("state", state));
  }

  private List<TopUpSucceeded> announced(UUID id) {
    return new OutboxReader(jdbc)
        .since(start.minusSeconds(1)).stream()
            .filter(message -> message.type().equals(PaymentContract.TOP_UP_SUCCEEDED_TYPE))
            .map(message -> Json.read(message.body(), TopUpSucceeded.class))
            .filter(event -> event.topUpId().equals(id))
            .toList();
  }

  private static final String AT_PROVIDER =
      """
      select status from sandbox_payment_intent
      where metadata ->> 'top_up_id' = ?
      """;

  private List<String> atProvider(UUID id) {
    return jdbc.sql(AT_PROVIDER).param(id.toString()).query((row, _) -> row.getString(1)).list();
  }

  private String providerId(UUID id) {
    return jdbc.sql("select id from sandbox_payment_intent where metadata ->> 'top_up_id' = ?")
        .param(id.toString())
        .query(String.class)
        .single();
  }

  private void settlesAtOnce(String providerId) {
    jdbc.sql(
            "update sandbox_payment_intent set status = 'succeeded', amount_received = amount, settles_at = null where id = ?")
        .param(providerId)
        .update();
  }

  @Test
  void moneyIsTakenAndAnnounced() {
    var id = UuidV7.next();
    var wallet = UUID.randomUUID();

    var accepted = post(request(id, wallet, 2_500, "pm_card_visa"));

    assertThat(accepted.getStatusCode().value()).isEqualTo(202);
    assertThat(accepted.getBody()).containsEntry("topUpId", id.toString());
    ends(id, "SUCCEEDED");
    assertThat(announced(id)).containsExactly(new TopUpSucceeded(id, wallet, 2_500, "EUR"));
    assertThat(atProvider(id)).containsExactly("succeeded");
  }

  @Test
  void repeatedRequestIsTheSameTopUp() {
    var id = UuidV7.next();
    var request = request(id, UUID.randomUUID(), 2_500, "pm_card_visa");
    post(request);
    ends(id, "SUCCEEDED");

    var again = post(request);

    assertThat(again.getStatusCode().value()).isEqualTo(200);
    assertThat(again.getBody()).containsEntry("state", "SUCCEEDED");
    assertThat(atProvider(id)).hasSize(1);
  }

  @Test
  void sameIdWithAnotherAmountIsRefused() {
    var id = UuidV7.next();
    var wallet = UUID.randomUUID();
    post(request(id, wallet, 2_500, "pm_card_visa"));

    var other = post(request(id, wallet, 2_501, "pm_card_visa"));

    assertThat(other.getStatusCode().value()).isEqualTo(422);
    assertThat(other.getBody()).containsEntry("code", "IDEMPOTENCY_KEY_REUSED");
  }

  @Test
  void impossibleRequestIsAProblemThatNamesTheField() {
    var id = UuidV7.next();
    var random = UUID.randomUUID();

    assertThat(post(request(id, UUID.randomUUID(), 0, "pm_card_visa")).getBody())
        .containsEntry("code", "INVALID_FIELD")
        .containsEntry("field", "amountMinor");
    assertThat(post(request(random, UUID.randomUUID(), 10, "pm_card_visa")).getBody())
        .containsEntry("field", "topUpId");
    assertThat(get(id)).containsEntry("code", "UNKNOWN_TOP_UP");
  }

  @Test
  void declinedCardFailsAndIsCounted() {
    double before = metrics.counter("payment.top_up.failed").count();

    var id = topUp("pm_card_chargeDeclined");

    ends(id, "FAILED");
    assertThat(get(id)).containsEntry("failureCode", "CARD_DECLINED");
    assertThat(announced(id)).isEmpty();
    assertThat(metrics.counter("payment.top_up.failed").count()).isEqualTo(before + 1);
  }

  @Test
  void topUpThatIsDeclinedLaterFails() {
    var id = topUp("pm_card_pendingDeclined");

    ends(id, "FAILED");
    assertThat(announced(id)).isEmpty();
  }

  @Test
  @Tag("F13")
  void lostAnswerIsAskedForAndTheMoneyTakenOnce() {
    var id = topUp("pm_card_lostAnswer");

    ends(id, "SUCCEEDED");
    assertThat(atProvider(id)).containsExactly("succeeded");
    assertThat(announced(id)).hasSize(1);
  }

  @Test
  @Tag("F12")
  @Tag("F13")
  void everyTopUpEndsOnANetworkThatLosesAThirdOfEverything() {
    var random = new Random(11);
    NETWORK.loses(
        _ ->
            switch (random.nextInt(9)) {
              case 0 -> LOST;
              case 1 -> ANSWER_LOST;
              case 2 -> UNAVAILABLE;
              default -> NONE;
            });

    var ids = IntStream.range(0, 20).mapToObj(_ -> topUp("pm_card_visa")).toList();

    assertThat(ids)
        .allSatisfy(
            id -> {
              ends(id, "SUCCEEDED");
              assertThat(atProvider(id)).containsExactly("succeeded");
              assertThat(announced(id)).hasSize(1);
            });
  }

  /** The provider notifies, the caller asks again, and the worker polls: all at the same time. */
  @Test
  @Tag("R-P1")
  void notificationRetryAndPollingRaceAndTheMoneyArrivesOnce()
      throws InterruptedException, ExecutionException {
    for (int round = 0; round < 3; round++) {
      var id = UuidV7.next();
      var request = request(id, UUID.randomUUID(), 2_500, "pm_card_pending");
      post(request);
      await().atMost(LONGEST_WAIT).until(() -> !atProvider(id).isEmpty());
      String intent = providerId(id);
      var notifier = new Notifier(port);
      var notes = Map.of("top_up_id", id.toString());
      settlesAtOnce(intent);

      var actors = new ArrayList<Callable<Integer>>();
      for (int i = 0; i < ACTORS; i++) {
        actors.add(
            switch (i % 4) {
              case 0 -> () -> post(request).getStatusCode().value();
              case 1 ->
                  () -> {
                    jdbc.sql(
                            "update transfer set next_action_at = now() where id = ? and next_action_at is not null")
                        .param(id)
                        .update();
                    return 200;
                  };
              default ->
                  () ->
                      notifier
                          .send(
                              Notifier.intentEvent(
                                  Notifier.newId(), "succeeded", intent, 2_500, "succeeded", notes))
                          .statusCode();
            });
      }
      var answers = Notifier.atOnce(actors);

      assertThat(answers).containsOnly(200);
      ends(id, "SUCCEEDED");
      await().atMost(LONGEST_WAIT).until(this::noNotificationWaits);
      assertThat(announced(id)).hasSize(1);
    }
  }

  /** Two instances: one hears of it, the other polls, both whenever they can. */
  @Test
  @Tag("R-P1")
  void twoInstancesHearAndPollAtTheSameTimeAndTheMoneyArrivesOnce()
      throws InterruptedException, ExecutionException {
    var other =
        new TransferWorker(
            store, payments, provider, settlement, outbox, transactions, properties, metrics);
    var ids = IntStream.range(0, 10).mapToObj(_ -> topUp("pm_card_pending")).toList();
    var pending =
        ids.stream()
            .map(id -> await().atMost(LONGEST_WAIT).until(() -> pending(id), Objects::nonNull))
            .toList();
    ids.forEach(id -> lookedAtIn(id, "1 hour"));
    ids.forEach(id -> settlesAtOnce(providerId(id)));
    var notifier = new Notifier(port);
    var actors = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < ACTORS * 3; i++) {
      var topUp = pending.get(i % 10);
      actors.add(
          switch (i % 3) {
            case 0 -> () -> notifier.send(event(topUp)).statusCode() == 200;
            case 1 ->
                () -> {
                  other.hear(TransferKind.TOP_UP, told(topUp));
                  return true;
                };
            default -> () -> lookedAtIn(topUp.id(), "0 seconds");
          });
    }
    Collections.shuffle(actors);

    var answers = Notifier.atOnce(actors);

    assertThat(answers).hasSize(ACTORS * 3).containsOnly(true);
    ids.forEach(id -> ends(id, "SUCCEEDED"));
    await().atMost(LONGEST_WAIT).until(this::noNotificationWaits);
    assertThat(ids).allSatisfy(id -> assertThat(announced(id)).hasSize(1));
    other.close();
  }

  private @Nullable Transfer pending(UUID id) {
    var known = store.load(TransferKind.TOP_UP, id).orElseThrow();
    return known.providerId() == null ? null : known;
  }

  private boolean lookedAtIn(UUID id, String delay) {
    jdbc.sql(
            "update transfer set next_action_at = now() + ?::interval where id = ? and next_action_at is not null")
        .params(delay, id)
        .update();
    return true;
  }

  private static String event(Transfer pending) {
    return Notifier.intentEvent(
        Notifier.newId(),
        "succeeded",
        String.valueOf(pending.providerId()),
        pending.amountMinor(),
        "succeeded",
        Map.of("top_up_id", pending.id().toString()));
  }

  /** As the provider tells of it when it has the money. */
  private static ProviderRecord told(Transfer pending) {
    return new ProviderRecord(
        ProviderRecord.Kind.TOP_UP,
        String.valueOf(pending.providerId()),
        pending.id(),
        pending.amountMinor(),
        pending.currency(),
        ProviderRecord.Status.SUCCEEDED,
        null,
        Instant.now());
  }

  private boolean noNotificationWaits() {
    return jdbc.sql("select count(*) from webhook_event where next_action_at is not null")
            .query(Long.class)
            .single()
        == 0;
  }
}
