package io.holdfast.payment.webhook;

import static io.holdfast.payment.FaultyNetwork.Fault.ANSWER_LOST;
import static io.holdfast.payment.FaultyNetwork.Fault.LOST;
import static io.holdfast.payment.FaultyNetwork.Fault.NONE;
import static io.holdfast.payment.FaultyNetwork.Fault.UNAVAILABLE;
import static io.holdfast.payment.FaultyNetwork.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.payment.AuthorizePayment;
import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.UuidV7;
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.participant.testing.OutboxReader;
import io.holdfast.payment.Notifier;
import io.holdfast.payment.PaymentServiceTest;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.client.RestClient;

/** Notifications: genuine, repeated, forged, late, out of order, and with another amount. */
@PaymentServiceTest
@Tag("F71")
class WebhookIT {

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final int ACTORS = 100;
  private static final long AMOUNT = 2_500;

  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;
  @Autowired private MeterRegistry metrics;
  @Autowired private WebhookWorker worker;

  @Value("${local.server.port}")
  private int port;

  private final Instant start = Instant.now();
  private Notifier notifier;
  private CommandDriver<AuthorizePayment> driver;

  @BeforeEach
  void makeActors() {
    notifier = new Notifier(port);
    driver = new CommandDriver<>(PaymentContract.PAYMENT, consumers, jdbc);
  }

  @AfterEach
  void healNetwork() {
    NETWORK.heals();
    sandboxSends("TRANSFERS", 1, false);
  }

  private RestClient http() {
    return RestClient.create("http://localhost:" + port);
  }

  private void sandboxSends(String what, int copies, boolean shuffledAndForged) {
    http()
        .put()
        .uri("/sandbox/webhooks")
        .contentType(MediaType.APPLICATION_JSON)
        .body(
            Map.of(
                "sends",
                what,
                "delayMillis",
                0,
                "copies",
                copies,
                "shuffled",
                shuffledAndForged,
                "forged",
                shuffledAndForged))
        .retrieve()
        .toBodilessEntity();
  }

  /** A top-up that the provider has under way; returns the provider's id of it. */
  private String pendingTopUp(UUID id) {
    http()
        .post()
        .uri("/top-ups")
        .contentType(MediaType.APPLICATION_JSON)
        .body(
            Map.of(
                "topUpId",
                id,
                "walletId",
                UUID.randomUUID(),
                "amountMinor",
                AMOUNT,
                "currency",
                "EUR",
                "paymentMethod",
                "pm_card_pending"))
        .retrieve()
        .toBodilessEntity();
    await()
        .atMost(LONGEST_WAIT)
        .until(
            () ->
                jdbc.sql("select count(*) from transfer where id = ? and provider_id is not null")
                        .param(id)
                        .query(Long.class)
                        .single()
                    == 1);
    return jdbc.sql("select provider_id from transfer where id = ?")
        .param(id)
        .query(String.class)
        .single();
  }

  private String transferState(UUID id) {
    return jdbc.sql("select state from transfer where id = ?")
        .param(id)
        .query(String.class)
        .single();
  }

  private Map<String, @Nullable Object> event(String id) {
    return jdbc.sql("select * from webhook_event where id = ?").param(id).query().singleRow();
  }

  private long events(String id) {
    return jdbc.sql("select count(*) from webhook_event where id = ?")
        .param(id)
        .query(Long.class)
        .single();
  }

  private void becomes(String eventId, String state) {
    await()
        .atMost(LONGEST_WAIT)
        .untilAsserted(() -> assertThat(event(eventId)).containsEntry("state", state));
  }

  private long announced(UUID id) {
    return new OutboxReader(jdbc)
        .since(start.minusSeconds(1)).stream()
            .filter(message -> message.type().equals(PaymentContract.TOP_UP_SUCCEEDED_TYPE))
            .filter(message -> message.sagaId().value().equals(id))
            .count();
  }

  private static Map<String, String> note(UUID id) {
    return Map.of("top_up_id", id.toString());
  }

  private double rejected() {
    return metrics.counter("payment.webhook.rejected", "reason", "signature").count();
  }

  @Test
  @Tag("R-P6")
  void whatTheProviderDidNotSignIsRefusedAndNotStored() {
    String id = Notifier.newId();
    String body = Notifier.intentEvent(id, "succeeded", "pi_x", AMOUNT, "succeeded", Map.of());
    double before = rejected();

    var answers =
        List.of(
            notifier.send(body, "whsec_of_a_forger", Instant.now()),
            notifier.sendSigned(body, ""),
            notifier.sendSigned(body, "t=1,v1=00"),
            notifier.sendSigned(body, "t=yesterday,v1=00"),
            notifier.sendSigned(body, "t"),
            notifier.sendSigned(
                body.replace("2500", "25000"),
                Notifier.signature(body, Notifier.SECRET, Instant.now())));

    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(answer.statusCode()).isEqualTo(400);
              assertThat(answer.body()).contains("INVALID_SIGNATURE");
            });
    assertThat(events(id)).isZero();
    assertThat(rejected()).isGreaterThanOrEqualTo(before + 6);
  }

  @Test
  @Tag("R-P6")
  void genuineOneThatIsReplayedLaterIsRefused() {
    String id = Notifier.newId();
    String body = Notifier.intentEvent(id, "succeeded", "pi_x", AMOUNT, "succeeded", Map.of());

    var late = notifier.send(body, Notifier.SECRET, Instant.now().minusSeconds(301));
    var inTime = notifier.send(body, Notifier.SECRET, Instant.now().minusSeconds(290));

    assertThat(late.statusCode()).isEqualTo(400);
    assertThat(inTime.statusCode()).isEqualTo(200);
  }

  @Test
  @Tag("R-P6")
  void eitherOfTwoSecretsSignsWhileTheyAreChanged() {
    String body =
        Notifier.intentEvent(Notifier.newId(), "succeeded", "pi_x", AMOUNT, "succeeded", Map.of());

    assertThat(notifier.send(body, "whsec_before", Instant.now()).statusCode()).isEqualTo(200);
    assertThat(notifier.send(body, Notifier.SECRET, Instant.now()).statusCode()).isEqualTo(200);
  }

  @Test
  @Tag("R-P6")
  void signedNonsenseIsRefusedOrIgnored() {
    String id = Notifier.newId();
    String strangeId = Notifier.newId();
    String other =
        Json.text(Map.of("id", id, "object", "event", "type", "customer.created", "created", 1));
    String strange =
        Json.text(
            Map.of(
                "id",
                strangeId,
                "object",
                "event",
                "type",
                "payment_intent.succeeded",
                "created",
                1,
                "data",
                Map.of("object", List.of(7))));

    assertThat(notifier.send("").statusCode()).isEqualTo(400);
    assertThat(notifier.send("null").statusCode()).isEqualTo(400);
    assertThat(notifier.send("[]").body()).contains("MALFORMED_EVENT");
    assertThat(notifier.send(other).statusCode()).isEqualTo(200);
    assertThat(notifier.send(strange).statusCode()).isEqualTo(200);

    becomes(id, "IGNORED");
    becomes(strangeId, "IGNORED");
  }

  @Test
  @Tag("R-P1")
  void oneAboutNothingOfOursIsKeptAndChangesNothing() {
    String id = Notifier.newId();

    notifier.send(
        Notifier.intentEvent(id, "succeeded", "pi_x", 5, "succeeded", note(UuidV7.next())));

    becomes(id, "UNMATCHED");
  }

  @Test
  @Tag("R-P1")
  void anotherAmountIsRefusedAndAlarmedAndNeverApplied() {
    var id = UuidV7.next();
    String intent = pendingTopUp(id);
    String event = Notifier.newId();
    double before = metrics.counter("payment.mismatch", "kind", "top_up").count();

    notifier.send(
        Notifier.intentEvent(event, "succeeded", intent, AMOUNT * 10, "succeeded", note(id)));

    becomes(event, "REFUSED");
    assertThat(metrics.counter("payment.mismatch", "kind", "top_up").count()).isEqualTo(before + 1);
    assertThat(
            jdbc.sql("select alarm from transfer where id = ?")
                .param(id)
                .query(String.class)
                .single())
        .contains("25000 EUR");
    await().atMost(LONGEST_WAIT).until(() -> transferState(id).equals("SUCCEEDED"));
    assertThat(announced(id)).isEqualTo(1);
  }

  /** A lie that is signed: the provider itself says something else when it is asked. */
  @Test
  @Tag("R-P1")
  void whatCountsIsWhatTheProviderSaysWhenAsked() {
    var id = UuidV7.next();
    String intent = pendingTopUp(id);
    String event = Notifier.newId();

    notifier.send(
        Notifier.intentEvent(
            event, "payment_failed", intent, AMOUNT, "requires_payment_method", note(id)));

    becomes(event, "APPLIED");
    await().atMost(LONGEST_WAIT).until(() -> transferState(id).equals("SUCCEEDED"));
    assertThat(announced(id)).isEqualTo(1);
  }

  @Test
  @Tag("R-P1")
  void sameNotificationAHundredTimesAtOnceHasOneEffect()
      throws InterruptedException, ExecutionException {
    var id = UuidV7.next();
    String intent = pendingTopUp(id);
    jdbc.sql(
            "update sandbox_payment_intent set status = 'succeeded', amount_received = amount, settles_at = null where id = ?")
        .param(intent)
        .update();
    String event = Notifier.newId();
    String body = Notifier.intentEvent(event, "succeeded", intent, AMOUNT, "succeeded", note(id));

    var answers =
        Notifier.atOnce(
            Collections.nCopies(
                ACTORS, (Callable<Integer>) () -> notifier.send(body).statusCode()));

    assertThat(answers).hasSize(ACTORS).containsOnly(200);
    await().atMost(LONGEST_WAIT).until(() -> transferState(id).equals("SUCCEEDED"));
    assertThat(events(event)).isEqualTo(1);
    await()
        .atMost(LONGEST_WAIT)
        .untilAsserted(() -> assertThat(event(event)).containsEntry("next_action_at", null));
    assertThat(event(event)).containsEntry("attempts", 1);
    assertThat(announced(id)).isEqualTo(1);
  }

  /** Duplicates, forgeries, replays, old news and other amounts, all at the same time. */
  @Test
  @Tag("R-P1")
  @Tag("R-P6")
  void storm() throws InterruptedException, ExecutionException {
    var id = UuidV7.next();
    String intent = pendingTopUp(id);
    jdbc.sql(
            "update sandbox_payment_intent set status = 'succeeded', amount_received = amount, settles_at = null where id = ?")
        .param(intent)
        .update();

    var answers = Notifier.atOnce(storm(intent, AMOUNT, note(id), "processing", "processing"));

    assertThat(answers.stream().filter(status -> status == 200)).hasSize(60);
    assertThat(answers.stream().filter(status -> status == 400)).hasSize(40);
    await().atMost(LONGEST_WAIT).until(this::noNotificationWaits);
    assertThat(transferState(id)).isEqualTo("SUCCEEDED");
    assertThat(announced(id)).isEqualTo(1);
  }

  /** Each fifth: one event again and again, others, forged ones, replayed ones, old news. */
  private List<Callable<Integer>> storm(
      String intent, long amount, Map<String, String> notes, String oldType, String oldStatus) {
    String shared = Notifier.newId();
    var actors = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < ACTORS; i++) {
      int kind = i % 5;
      String event = kind == 0 ? shared : Notifier.newId();
      String paid = Notifier.intentEvent(event, "succeeded", intent, amount, "succeeded", notes);
      String old = Notifier.intentEvent(event, oldType, intent, amount, oldStatus, notes);
      var now = Instant.now();
      actors.add(
          switch (kind) {
            case 0, 1 -> () -> notifier.send(paid).statusCode();
            case 2 -> () -> notifier.send(paid, "whsec_of_a_forger", now).statusCode();
            case 3 ->
                () -> notifier.send(paid, Notifier.SECRET, now.minusSeconds(1_000)).statusCode();
            default -> () -> notifier.send(old).statusCode();
          });
    }
    Collections.shuffle(actors);
    return actors;
  }

  private boolean noNotificationWaits() {
    return jdbc.sql("select count(*) from webhook_event where next_action_at is not null")
            .query(Long.class)
            .single()
        == 0;
  }

  /** The saga confirms while the provider has captured already and everybody shouts. */
  @Test
  @Tag("R-P1")
  @Tag("R-P2")
  @Tag("R-P6")
  void stormAboutAPaymentTakesTheMoneyOnceAndMovesItsOrderOnce()
      throws InterruptedException, ExecutionException {
    var saga = authorised();
    String intent = String.valueOf(payment(saga).get("providerId"));
    http()
        .post()
        .uri("/sandbox/v1/payment_intents/{id}/capture", intent)
        .header("Authorization", "Bearer sk_test_x")
        .retrieve()
        .toBodilessEntity();
    var confirm = driver.confirm(saga);
    var actors =
        new ArrayList<>(
            storm(
                intent,
                1_250,
                Map.of("saga_id", saga.toString()),
                "amount_capturable_updated",
                "requires_capture"));
    actors.add(
        ACTORS / 2,
        () -> {
          driver.deliver(confirm);
          return 0;
        });

    var answers = Notifier.atOnce(actors);

    assertThat(answers.stream().filter(status -> status == 200)).hasSize(60);
    assertThat(answers.stream().filter(status -> status == 400)).hasSize(40);
    assertThat(driver.answerTo(confirm).isDone()).isTrue();
    await().atMost(LONGEST_WAIT).until(this::noNotificationWaits);
    assertThat(payment(saga)).containsEntry("state", "CAPTURED");
    assertThat(driver.countAnswersTo(confirm)).isEqualTo(1);
    assertThat(
            jdbc.sql("select amount_received from sandbox_payment_intent where id = ?")
                .param(intent)
                .query(Long.class)
                .single())
        .isEqualTo(1_250);
  }

  private static AuthorizePayment visa() {
    return new AuthorizePayment(1_250, "EUR", "pm_card_visa");
  }

  private SagaId authorised() {
    var saga = CommandDriver.newSaga();
    assertThat(driver.ask(driver.tryIt(saga, visa())).isDone()).isTrue();
    return saga;
  }

  private Map<String, Object> payment(SagaId saga) {
    Map<String, Object> body =
        http()
            .get()
            .uri("/payments/{id}", saga.value())
            .retrieve()
            .body(new ParameterizedTypeReference<>() {});
    return Objects.requireNonNull(body);
  }

  @Test
  @Tag("R-P1")
  void notificationThatGoesBackwardsIsIgnoredAndCounted() {
    var saga = authorised();
    driver.ask(driver.confirm(saga));
    String event = Notifier.newId();
    String intent = String.valueOf(payment(saga).get("providerId"));
    double before = metrics.counter("payment.webhook.handled", "outcome", "stale").count();

    notifier.send(
        Notifier.intentEvent(
            event,
            "amount_capturable_updated",
            intent,
            1_250,
            "requires_capture",
            Map.of("saga_id", saga.toString())));

    becomes(event, "STALE");
    assertThat(payment(saga)).containsEntry("state", "CAPTURED");
    assertThat(metrics.counter("payment.webhook.handled", "outcome", "stale").count())
        .isGreaterThanOrEqualTo(before + 1);
  }

  @Test
  @Tag("R-P1")
  void anotherAmountOfAPaymentIsRefusedAndAlarmed() {
    var saga = authorised();
    String event = Notifier.newId();
    String intent = String.valueOf(payment(saga).get("providerId"));

    notifier.send(
        Notifier.intentEvent(
            event, "succeeded", intent, 9_999, "succeeded", Map.of("saga_id", saga.toString())));

    becomes(event, "REFUSED");
    assertThat(payment(saga))
        .containsEntry("state", "AUTHORISED")
        .hasEntrySatisfying("alarm", alarm -> assertThat(alarm.toString()).contains("9999 EUR"));
  }

  @Test
  @Tag("R-P2")
  void holdThatExpiredAtTheProviderIsLearnedAndTheCaptureRefused() {
    sandboxSends("ALL", 3, true);
    var saga = authorised();

    http()
        .post()
        .uri("/sandbox/v1/payment_intents/{id}/cancel", payment(saga).get("providerId"))
        .header("Authorization", "Bearer sk_test_x")
        .retrieve()
        .toBodilessEntity();

    await()
        .atMost(LONGEST_WAIT)
        .untilAsserted(() -> assertThat(payment(saga)).containsEntry("state", "VOIDED"));
    var confirm = driver.ask(driver.confirm(saga));
    assertThat(confirm.isRefused()).isTrue();
    assertThat(confirm.reason().code()).isEqualTo("AUTHORISATION_EXPIRED");
  }

  /** More was made at that time than can be looked through: the notification names the one. */
  @Test
  @Tag("R-P4")
  @Tag("F13")
  void notificationResolvesWhatNoListAndNoSearchCan() {
    NETWORK.loses(
        request ->
            switch (request) {
              case "POST /payment_intents" -> ANSWER_LOST;
              case "GET /payment_intents", "GET /search" -> UNAVAILABLE;
              default -> NONE;
            });
    var saga = CommandDriver.newSaga();
    var tried = driver.tryIt(saga, visa());
    driver.deliver(tried);
    await()
        .atMost(LONGEST_WAIT)
        .until(() -> Boolean.TRUE.equals(payment(saga).get("outcomeUnknown")));
    String event = Notifier.newId();

    notifier.send(
        Notifier.intentEvent(
            event,
            "amount_capturable_updated",
            intentOf(saga),
            1_250,
            "requires_capture",
            Map.of("saga_id", saga.toString())));

    assertThat(driver.answerTo(tried).isDone()).isTrue();
    becomes(event, "APPLIED");
    assertThat(payment(saga)).containsEntry("state", "AUTHORISED");
  }

  private String intentOf(SagaId saga) {
    return jdbc.sql("select id from sandbox_payment_intent where metadata ->> 'saga_id' = ?")
        .param(saga.toString())
        .query(String.class)
        .single();
  }

  @Test
  void everythingThatIsOldEnoughIsForgottenAtOnceHoweverMuch() {
    jdbc.sql(
            """
            insert into webhook_event (id, type, payload, state, occurred_at, received_at)
            select 'old_' || number, 't', '{}', 'STALE', now(), now() - make_interval(days => 31)
            from generate_series(1, 2500) number
            """)
        .update();

    worker.forget();

    assertThat(
            jdbc.sql(
                    "select count(*) from webhook_event where received_at < now() - interval '30 days'")
                .query(Long.class)
                .single())
        .isZero();
  }

  @Test
  @Tag("R-P4")
  void authorisationThatIsFoundAfterItWasTakenAsNeverMadeIsVoided() {
    NETWORK.loses(request -> request.equals("POST /payment_intents") ? LOST : NONE);
    var saga = CommandDriver.newSaga();
    driver.deliver(driver.tryIt(saga, visa()));
    await().atMost(LONGEST_WAIT).until(() -> "AUTHORISING".equals(payment(saga).get("state")));
    driver.ask(driver.cancel(saga));
    assertThat(payment(saga)).containsEntry("state", "VOIDED");
    NETWORK.heals();
    sandboxSends("ALL", 2, true);

    http()
        .post()
        .uri("/sandbox/v1/payment_intents")
        .header("Authorization", "Bearer sk_test_x")
        .contentType(MediaType.APPLICATION_FORM_URLENCODED)
        .body(
            "amount=1250&currency=eur&payment_method=pm_card_visa&capture_method=manual&confirm=true&metadata[saga_id]="
                + saga)
        .retrieve()
        .toBodilessEntity();

    await()
        .atMost(LONGEST_WAIT)
        .untilAsserted(
            () ->
                assertThat(
                        jdbc.sql(
                                "select status from sandbox_payment_intent where metadata ->> 'saga_id' = ?")
                            .param(saga.toString())
                            .query(String.class)
                            .list())
                    .containsExactly("canceled"));
    await()
        .atMost(LONGEST_WAIT)
        .untilAsserted(() -> assertThat(payment(saga)).containsEntry("state", "VOIDED"));
  }

  @Test
  @Tag("R-P1")
  void sandboxSendsAgainForgesAndChangesOnDemand() {
    var id = UuidV7.next();
    String intent = pendingTopUp(id);
    await().atMost(LONGEST_WAIT).until(() -> transferState(id).equals("SUCCEEDED"));
    String succeeded =
        jdbc.sql(
                "select id from sandbox_event where type = 'payment_intent.succeeded' and payload like ?")
            .param("%" + intent + "%")
            .query(String.class)
            .single();
    await().atMost(LONGEST_WAIT).until(() -> eventsAbout(intent, "payment_intent.succeeded") == 1);

    Stream.of(
            Map.of("copies", 20, "forged", false, "ageSeconds", 0),
            Map.of("copies", 20, "forged", true, "ageSeconds", 0),
            Map.of("copies", 20, "forged", false, "ageSeconds", 400),
            Map.of("copies", 1, "forged", false, "ageSeconds", 0, "amountMinor", 77))
        .forEach(
            request ->
                http()
                    .post()
                    .uri("/sandbox/webhooks/{id}/deliveries", succeeded)
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(request)
                    .retrieve()
                    .toBodilessEntity());

    await()
        .atMost(LONGEST_WAIT)
        .untilAsserted(
            () ->
                assertThat(
                        jdbc.sql(
                                "select count(*) filter (where status = 200) || '/' || count(*) filter (where status = 400) from sandbox_delivery where event_id = ?")
                            .param(succeeded)
                            .query(String.class)
                            .single())
                    .isEqualTo("22/40"));
    assertThat(eventsAbout(intent, "payment_intent.succeeded")).isEqualTo(2);
    assertThat(announced(id)).isEqualTo(1);
  }

  private long eventsAbout(String intent, String type) {
    return jdbc.sql("select count(*) from webhook_event where type = ? and payload like ?")
        .params(type, "%" + intent + "%")
        .query(Long.class)
        .single();
  }

  @Test
  void sandboxHasAPageOfItsState() {
    var page = http().get().uri("/sandbox").retrieve().toEntity(String.class);

    assertThat(page.getHeaders().getContentType()).hasToString("text/html;charset=UTF-8");
    assertThat(page.getBody()).contains("Payment sandbox", "Refunds", "Payouts", "Notifications");
  }
}
