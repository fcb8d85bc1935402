package io.holdfast.payment.reconciliation;

import static io.holdfast.payment.FaultyNetwork.Fault.UNAVAILABLE;
import static io.holdfast.payment.FaultyNetwork.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.messaging.UuidV7;
import io.holdfast.payment.Notifier;
import io.holdfast.payment.PaymentServiceTest;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;
import org.springframework.web.client.RestClient;

/** Our books and the provider's, where they agree and where they do not. */
@PaymentServiceTest
@TestPropertySource(properties = "holdfast.test=books of its own")
@Tag("R-S4")
class ReconciliationIT {

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final AtomicInteger DAYS = new AtomicInteger();

  @Autowired private JdbcClient jdbc;
  @Autowired private ReconciliationStore store;
  @Autowired private ReconciliationWorker worker;
  @Autowired private MeterRegistry metrics;

  @Value("${local.server.port}")
  private int port;

  /** A day of its own for each test. */
  private final Instant from =
      Instant.parse("2024-01-01T00:00:00Z").plus(Duration.ofDays(7L * DAYS.incrementAndGet()));

  private final Instant noon = from.plus(Duration.ofHours(12));
  private final Instant to = from.plus(Duration.ofDays(1));

  @AfterEach
  void healNetwork() {
    NETWORK.heals();
  }

  private ResponseEntity<Map<String, Object>> ask(Object fromAt, Object toAt) {
    return RestClient.create("http://localhost:" + port)
        .post()
        .uri("/reconciliations")
        .contentType(MediaType.APPLICATION_JSON)
        .body(Map.of("from", fromAt, "to", toAt))
        .retrieve()
        .onStatus(_ -> true, (_, _) -> {})
        .toEntity(new ParameterizedTypeReference<>() {});
  }

  private Map<String, Object> get(Object id) {
    Map<String, Object> body =
        RestClient.create("http://localhost:" + port)
            .get()
            .uri("/reconciliations/{id}?limit=500", id)
            .retrieve()
            .body(new ParameterizedTypeReference<>() {});
    return Objects.requireNonNull(body);
  }

  private Map<String, Object> reconciled() {
    var asked = ask(from, to);
    assertThat(asked.getStatusCode().value()).isEqualTo(202);
    var body = asked.getBody();
    var id = body == null ? "" : body.getOrDefault("id", "");
    await()
        .atMost(LONGEST_WAIT)
        .untilAsserted(() -> assertThat(get(id)).containsEntry("state", "DONE"));
    return get(id);
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> differences(Map<String, Object> reconciliation) {
    return (List<Map<String, Object>>) reconciliation.getOrDefault("differences", List.of());
  }

  private String intent(long amount, String status, Map<String, String> notes) {
    return intent(noon, amount, status, notes);
  }

  private String intent(Instant madeAt, long amount, String status, Map<String, String> notes) {
    String id = "pi_" + UUID.randomUUID();
    jdbc.sql(
            """
            insert into sandbox_payment_intent (id, created_at, amount, amount_received, currency, payment_method, status, metadata)
            values (?, ?, ?, ?, 'eur', 'pm_card_visa', ?, ?::jsonb)
            """)
        .params(
            id,
            madeAt.atOffset(ZoneOffset.UTC),
            amount,
            status.equals("succeeded") ? amount : 0,
            status,
            io.holdfast.messaging.Json.text(notes))
        .update();
    return id;
  }

  private void payment(UUID saga, long amount, String state, @Nullable String providerId) {
    jdbc.sql(
            """
            insert into payment (saga_id, amount_minor, currency, payment_method, state, wanted, outcome_unknown, provider_id,
              round, attempts, version, first_sent_at, last_sent_at, created_at)
            values (?, ?, 'EUR', 'pm_card_visa', ?, ?, false, ?, 0, 0, 0, ?, ?, ?)
            """)
        .param(saga)
        .param(amount)
        .param(state)
        .param(
            switch (state) {
              case "CAPTURED" -> "CAPTURED";
              case "VOIDED" -> "VOIDED";
              default -> "AUTHORISED";
            })
        .param(providerId)
        .param(noon.atOffset(ZoneOffset.UTC))
        .param(noon.atOffset(ZoneOffset.UTC))
        .param(noon.minusSeconds(1).atOffset(ZoneOffset.UTC))
        .update();
  }

  private static Map<String, String> note(UUID saga) {
    return Map.of("saga_id", saga.toString());
  }

  private String agreed(String ours, String theirs) {
    var saga = UuidV7.next();
    String id = intent(500, theirs, note(saga));
    payment(saga, 500, ours, id);
    return id;
  }

  @Test
  void booksThatAgreeHaveNoDifference() {
    agreed("CAPTURED", "succeeded");
    agreed("AUTHORISED", "requires_capture");
    agreed("VOIDED", "canceled");
    agreed("DECLINED", "requires_payment_method");

    var done = reconciled();

    assertThat(differences(done)).isEmpty();
    assertThat(done).containsEntry("compared", 4);
  }

  @Test
  void everyKindOfDifferenceIsFound() {
    var onlyThere = UuidV7.next();
    intent(500, "succeeded", note(onlyThere));
    var onlyHere = UuidV7.next();
    payment(onlyHere, 500, "CAPTURED", "pi_nowhere_" + onlyHere);
    var otherAmount = UuidV7.next();
    payment(otherAmount, 501, "CAPTURED", intent(500, "succeeded", note(otherAmount)));
    var otherState = UuidV7.next();
    payment(otherState, 500, "CAPTURED", intent(500, "requires_capture", note(otherState)));
    intent(500, "succeeded", Map.of("top_up_id", UuidV7.next().toString()));

    var found = differences(reconciled());

    assertThat(found)
        .extracting(difference -> difference.get("kind") + " " + difference.get("object"))
        .containsExactlyInAnyOrder(
            "MISSING_HERE PAYMENT",
            "MISSING_THERE PAYMENT",
            "AMOUNT PAYMENT",
            "STATE PAYMENT",
            "MISSING_HERE TOP_UP");
    assertThat(found)
        .anySatisfy(
            difference ->
                assertThat(difference)
                    .containsEntry("kind", "AMOUNT")
                    .containsEntry("ourId", otherAmount.toString()));
  }

  @Test
  @Tag("R-P4")
  void authorisationOfAPaymentThatEndedOtherwiseIsVoided() {
    var captured = UuidV7.next();
    payment(captured, 500, "CAPTURED", intent(500, "succeeded", note(captured)));
    String orphan = intent(500, "requires_capture", note(captured));
    var cancelled = UuidV7.next();
    payment(cancelled, 500, "VOIDED", null);
    String late = intent(500, "requires_capture", note(cancelled));
    String unknown = intent(500, "requires_capture", note(UuidV7.next()));

    var found = differences(reconciled());

    assertThat(found).hasSize(3);
    await()
        .atMost(LONGEST_WAIT)
        .untilAsserted(
            () -> {
              assertThat(status(orphan)).isEqualTo("canceled");
              assertThat(status(late)).isEqualTo("canceled");
            });
    assertThat(status(unknown)).isEqualTo("requires_capture");
  }

  /** Its payment may be on its way to it. */
  @Test
  @Tag("R-P4")
  void authorisationThatIsTooYoungIsLeftAlone() {
    var captured = UuidV7.next();
    payment(captured, 500, "CAPTURED", intent(500, "succeeded", note(captured)));
    String young = intent(Instant.now(), 500, "requires_capture", note(captured));

    var result =
        worker.call(
            new ReconciliationStore.Claim(
                UuidV7.next(), Instant.now().minusSeconds(60), Instant.now().plusSeconds(60), 1));

    assertThat(result)
        .isInstanceOfSatisfying(
            ReconciliationWorker.Result.Done.class,
            done ->
                assertThat(done.found())
                    .filteredOn(difference -> young.equals(difference.providerId()))
                    .hasSize(1)
                    .allMatch(difference -> difference.action() == null));
    assertThat(status(young)).isEqualTo("requires_capture");
    jdbc.sql("delete from sandbox_payment_intent where id = ?").param(young).update();
  }

  @Test
  void onlyWhatWasMadeInThatTimeIsCompared() {
    intent(from.minusMillis(1_000), 500, "succeeded", note(UuidV7.next()));
    String first = intent(from, 500, "succeeded", note(UuidV7.next()));
    String last = intent(to.minusMillis(1_000), 500, "succeeded", note(UuidV7.next()));
    intent(to, 500, "succeeded", note(UuidV7.next()));

    var done = reconciled();

    assertThat(done).containsEntry("compared", 2);
    assertThat(differences(done))
        .extracting(difference -> difference.get("providerId"))
        .containsExactlyInAnyOrder(first, last);
  }

  /** First sent while the provider was away, and made when it was back, on the next day. */
  @Test
  void whatWasMadeLaterThanItWasFirstSentIsNotMissing() {
    var saga = UuidV7.next();
    payment(saga, 500, "CAPTURED", intent(to.plusSeconds(600), 500, "succeeded", note(saga)));

    assertThat(differences(reconciled())).isEmpty();
  }

  @Test
  void monthIsComparedDayByDay() {
    var days = List.of(from, from.plus(Duration.ofDays(1)), from.plus(Duration.ofDays(2)));
    days.forEach(day -> intent(day.plusSeconds(1), 500, "succeeded", note(UuidV7.next())));

    var result =
        worker.call(
            new ReconciliationStore.Claim(UuidV7.next(), from, from.plus(Duration.ofHours(60)), 1));

    assertThat(result)
        .isInstanceOfSatisfying(
            ReconciliationWorker.Result.Done.class,
            done -> {
              assertThat(done.compared()).isEqualTo(3);
              assertThat(done.found()).hasSize(3);
            });
  }

  private String transferAtProvider(String kind, UUID id, long amount, boolean succeeded) {
    var notes = Map.of(kind.toLowerCase(Locale.ROOT) + "_id", id.toString());
    return switch (kind) {
      case "TOP_UP" -> intent(amount, succeeded ? "succeeded" : "requires_payment_method", notes);
      case "REFUND" ->
          movement("refund", amount, succeeded ? "succeeded" : "failed", paidIntent(), null, notes);
      default -> movement("payout", amount, succeeded ? "paid" : "failed", null, "ba_1", notes);
    };
  }

  /** Of another day, so that it is not compared. */
  private String paidIntent() {
    return intent(from.minus(Duration.ofDays(2)), 10_000, "succeeded", Map.of());
  }

  private String movement(
      String object,
      long amount,
      String status,
      @Nullable String intent,
      @Nullable String destination,
      Map<String, String> notes) {
    String id = object + "_" + UUID.randomUUID();
    jdbc.sql(
            """
            insert into sandbox_transfer (id, object, created_at, amount, currency, status, payment_intent, destination, metadata)
            values (?, ?, ?, ?, 'eur', ?, ?, ?, ?::jsonb)
            """)
        .param(id)
        .param(object)
        .param(noon.atOffset(ZoneOffset.UTC))
        .param(amount)
        .param(status)
        .param(intent)
        .param(destination)
        .param(io.holdfast.messaging.Json.text(notes))
        .update();
    return id;
  }

  private void transfer(String kind, UUID id, long amount, String providerId) {
    jdbc.sql(
            """
            insert into transfer (kind, id, subject, amount_minor, currency, account, state, outcome_unknown, provider_id,
              round, attempts, version, first_sent_at, last_sent_at, trace, created_at)
            values (?, ?, ?, ?, 'EUR', 'there', 'SUCCEEDED', false, ?, 0, 0, 0, ?, ?, 't', ?)
            """)
        .param(kind)
        .param(id)
        .param(UUID.randomUUID())
        .param(amount)
        .param(providerId)
        .param(noon.atOffset(ZoneOffset.UTC))
        .param(noon.atOffset(ZoneOffset.UTC))
        .param(noon.minusSeconds(1).atOffset(ZoneOffset.UTC))
        .update();
  }

  @ParameterizedTest
  @ValueSource(strings = {"REFUND", "PAYOUT", "TOP_UP"})
  void everyKindOfDifferenceOfATransferIsFound(String kind) {
    var agreed = UuidV7.next();
    transfer(kind, agreed, 500, transferAtProvider(kind, agreed, 500, true));
    var onlyThere = UuidV7.next();
    transferAtProvider(kind, onlyThere, 500, true);
    var onlyHere = UuidV7.next();
    transfer(kind, onlyHere, 500, "nowhere_" + onlyHere);
    var otherAmount = UuidV7.next();
    transfer(kind, otherAmount, 501, transferAtProvider(kind, otherAmount, 500, true));
    var otherState = UuidV7.next();
    transfer(kind, otherState, 500, transferAtProvider(kind, otherState, 500, false));

    var done = reconciled();

    assertThat(done).containsEntry("compared", 4);
    assertThat(differences(done))
        .allSatisfy(difference -> assertThat(difference).containsEntry("object", kind))
        .extracting(difference -> difference.get("kind") + " " + difference.get("ourId"))
        .containsExactlyInAnyOrder(
            "MISSING_HERE " + onlyThere,
            "MISSING_THERE " + onlyHere,
            "AMOUNT " + otherAmount,
            "STATE " + otherState);
  }

  private String status(String intent) {
    return jdbc.sql("select status from sandbox_payment_intent where id = ?")
        .param(intent)
        .query(String.class)
        .single();
  }

  @Test
  void listsOfManyPagesAreComparedWhole() {
    for (int i = 0; i < 230; i++) {
      agreed("CAPTURED", "succeeded");
    }
    intent(500, "succeeded", Map.of());

    var done = reconciled();

    assertThat(done).containsEntry("compared", 231);
    assertThat(differences(done)).hasSize(1);
  }

  @Test
  void listThatBreaksOffIsReadAgain() {
    agreed("CAPTURED", "succeeded");
    NETWORK.loses(_ -> UNAVAILABLE);

    var body = ask(from, to).getBody();
    var id = body == null ? "" : body.getOrDefault("id", "");
    await()
        .atMost(LONGEST_WAIT)
        .untilAsserted(() -> assertThat(get(id).get("lastError")).isNotNull());
    NETWORK.heals();

    await()
        .atMost(LONGEST_WAIT)
        .untilAsserted(() -> assertThat(get(id)).containsEntry("state", "DONE"));
    assertThat(get(id)).containsEntry("compared", 1).containsEntry("lastError", null);
  }

  @Test
  void timesThatCannotBeAreRefused() {
    assertThat(ask(to, from).getBody()).containsEntry("field", "to");
    assertThat(ask(from, from.plus(Duration.ofDays(32))).getBody()).containsEntry("field", "to");
    assertThat(ask(from, Instant.now().plusSeconds(60)).getStatusCode().value()).isEqualTo(400);
    var now = Instant.now();
    assertThat(ask(now.minusSeconds(3_600), now.minusSeconds(60)).getBody())
        .containsEntry("field", "to");
    assertThat(ask("yesterday", to).getBody()).containsEntry("field", "from");
  }

  @Test
  void dayIsComparedOnceHoweverManyInstancesAskForIt()
      throws InterruptedException, ExecutionException {
    var day = LocalDate.of(2023, 5, 1);

    var asked =
        Notifier.atOnce(Collections.nCopies(100, (Callable<Boolean>) () -> store.insertDay(day)));

    assertThat(asked.stream().filter(first -> first)).hasSize(1);
    assertThat(store.newestDay()).contains(day);
  }

  @Test
  void whatAnAlertWatchesIsCountedFromTheStart() {
    assertThat(metrics.find("payment.refund.exceeding.prevented").counter()).isNotNull();
    assertThat(metrics.find("payment.webhook.rejected").tag("reason", "signature").counter())
        .isNotNull();
    assertThat(metrics.find("payment.webhook.rejected").tag("reason", "unreadable").counter())
        .isNotNull();
    assertThat(metrics.find("payment.orphan.voided").counter()).isNotNull();
    assertThat(metrics.find("payment.reconciliation.differences").counters()).hasSize(4);
  }
}
