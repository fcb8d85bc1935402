package io.holdfast.payment.card;

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
import io.holdfast.messaging.Envelope;
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.payment.FaultyNetwork;
import io.holdfast.payment.PaymentServiceTest;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.client.RestClient;

/** Payments that are disturbed at every point, and what the provider has in the end. */
@PaymentServiceTest
@Tag("R-P4")
class PaymentIT {

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;
  @Autowired private MeterRegistry metrics;

  @Value("${local.server.port}")
  private int port;

  private CommandDriver<AuthorizePayment> driver;

  @BeforeEach
  void makeDriver() {
    driver = new CommandDriver<>(PaymentContract.PAYMENT, consumers, jdbc);
  }

  /** Authorised = captured + voided + open, with the provider and with us. */
  @AfterEach
  void providerAndServiceAgree() {
    NETWORK.heals();
    await()
        .atMost(LONGEST_WAIT)
        .untilAsserted(
            () -> {
              assertThat(disagreements()).isEmpty();
              assertThat(unsettled()).isZero();
            });
  }

  private static final String DISAGREEMENTS =
      """
      select p.saga_id || ': ' || p.state || ' / ' || coalesce(string_agg(i.status, ','), 'absent')
      from payment p
      left join sandbox_payment_intent i on i.metadata ->> 'saga_id' = p.saga_id::text
      group by p.saga_id
      having sum(i.amount) filter (where i.status = 'requires_capture') is distinct from
          case when p.state in ('AUTHORISED', 'CAPTURE_DECLINED') then p.amount_minor end
        or sum(i.amount_received) filter (where i.status = 'succeeded') is distinct from
          case when p.state = 'CAPTURED' then p.amount_minor end
        or count(i) > 1
      """;

  private List<String> disagreements() {
    return jdbc.sql(DISAGREEMENTS).query((row, _) -> row.getString(1)).list();
  }

  private static final String UNSETTLED =
      """
      select count(*) from payment where next_action_at is not null
      """;

  private long unsettled() {
    return jdbc.sql(UNSETTLED).query(Long.class).single();
  }

  private static final String AT_PROVIDER =
      """
      select status from sandbox_payment_intent
      where metadata ->> 'saga_id' = ?
      """;

  private List<String> atProvider(SagaId saga) {
    return jdbc.sql(AT_PROVIDER).param(saga.toString()).query((row, _) -> row.getString(1)).list();
  }

  private static final String STATE =
      """
      select state from payment where saga_id = ?
      """;

  private String state(SagaId saga) {
    return jdbc.sql(STATE).param(saga.value()).query(String.class).single();
  }

  private static AuthorizePayment with(String card) {
    return new AuthorizePayment(1_250, "EUR", card);
  }

  private SagaId tried(String card) {
    var saga = CommandDriver.newSaga();
    assertThat(driver.ask(driver.tryIt(saga, with(card))).isDone()).isTrue();
    return saga;
  }

  @Test
  void authorisesOnTryAndCapturesOnConfirm() {
    var saga = tried("pm_card_visa");
    var held = atProvider(saga);

    var confirmed = driver.ask(driver.confirm(saga));

    assertThat(held).containsExactly("requires_capture");
    assertThat(confirmed.isDone()).isTrue();
    assertThat(atProvider(saga)).containsExactly("succeeded");
  }

  @Test
  void voidsOnCancel() {
    var saga = tried("pm_card_visa");

    var cancelled = driver.ask(driver.cancel(saga));

    assertThat(cancelled.isDone()).isTrue();
    assertThat(atProvider(saga)).containsExactly("canceled");
  }

  @Test
  void declinedCardRefusesTheTry() {
    var saga = CommandDriver.newSaga();

    var answer = driver.ask(driver.tryIt(saga, with("pm_card_chargeDeclined")));

    assertThat(answer.isRefused()).isTrue();
    assertThat(answer.reason().code()).isEqualTo("CARD_DECLINED");
    assertThat(answer.reason().detail()).isEqualTo("card declined");
    assertThat(state(saga)).isEqualTo("DECLINED");
  }

  @Test
  void cardThatTheProviderDoesNotKnowRefusesTheTry() {
    var answer = driver.ask(driver.tryIt(CommandDriver.newSaga(), with("nonsense")));

    assertThat(answer.isRefused()).isTrue();
    assertThat(answer.reason().code()).isEqualTo("PAYMENT_REJECTED");
  }

  @Test
  void amountThatCannotBePaidRefusesTheTryAndReachesNobody() {
    var saga = CommandDriver.newSaga();

    var answer = driver.ask(driver.tryIt(saga, new AuthorizePayment(0, "EUR", "pm_card_visa")));

    assertThat(answer.reason().code()).isEqualTo("INVALID_REQUEST");
    assertThat(atProvider(saga)).isEmpty();
  }

  @Test
  void declinedCaptureRefusesTheConfirmAndIsVoidedByTheCancel() {
    var saga = tried("pm_card_captureDeclined");

    var confirm = driver.ask(driver.confirm(saga));
    var again = driver.ask(driver.confirm(saga));
    var stillHeld = atProvider(saga);
    var cancelled = driver.ask(driver.cancel(saga));

    assertThat(confirm.isRefused()).isTrue();
    assertThat(confirm.reason().code()).isEqualTo("CARD_DECLINED");
    assertThat(again).isEqualTo(confirm);
    assertThat(stillHeld).containsExactly("requires_capture");
    assertThat(cancelled.isDone()).isTrue();
    assertThat(atProvider(saga)).containsExactly("canceled");
  }

  @Test
  @Tag("F13")
  void cardThatLosesEveryAnswerIsAuthorisedAndCapturedOnce() {
    var saga = tried("pm_card_lostAnswer");
    var held = atProvider(saga);

    var confirmed = driver.ask(driver.confirm(saga));

    assertThat(held).containsExactly("requires_capture");
    assertThat(confirmed.isDone()).isTrue();
    assertThat(atProvider(saga)).containsExactly("succeeded");
  }

  @Test
  @Tag("F13")
  void cardThatLosesEveryAnswerIsVoided() {
    var saga = tried("pm_card_lostAnswer");

    var cancelled = driver.ask(driver.cancel(saga));

    assertThat(cancelled.isDone()).isTrue();
    assertThat(atProvider(saga)).containsExactly("canceled");
  }

  @Test
  @Tag("F13")
  void slowCardIsAskedAboutAndAuthorisedOnce() {
    var saga = tried("pm_card_slow");

    assertThat(atProvider(saga)).containsExactly("requires_capture");
    assertThat(calls("query")).isPositive();
  }

  @Test
  @Tag("F13")
  void requestThatGotLostIsSentAgain() {
    NETWORK.loses(first("POST /payment_intents", LOST));

    var saga = tried("pm_card_visa");

    assertThat(atProvider(saga)).containsExactly("requires_capture");
  }

  @Test
  @Tag("F12")
  @Tag("F13")
  void cancelWhileAuthorisingLeavesNothingHeld() {
    var saga = CommandDriver.newSaga();
    driver.deliver(driver.tryIt(saga, with("pm_card_slow")));
    await().atMost(LONGEST_WAIT).until(() -> state(saga).equals("AUTHORISING"));

    var cancelled = driver.ask(driver.cancel(saga));

    assertThat(cancelled.isDone()).isTrue();
    assertThat(state(saga)).isEqualTo("VOIDED");
    assertThat(atProvider(saga)).containsExactly("canceled");
  }

  @Test
  @Tag("F12")
  void cancelOfARequestThatNeverArrivedEndsWithoutAPayment() {
    NETWORK.loses(request -> request.equals("POST /payment_intents") ? LOST : NONE);
    var saga = CommandDriver.newSaga();
    driver.deliver(driver.tryIt(saga, with("pm_card_visa")));
    await().atMost(LONGEST_WAIT).until(() -> state(saga).equals("AUTHORISING"));

    var cancelled = driver.ask(driver.cancel(saga));

    assertThat(cancelled.isDone()).isTrue();
    assertThat(atProvider(saga)).isEmpty();
  }

  @Test
  @Tag("F12")
  void crashBetweenAuthorisationAndRecordMakesNoSecondOne() {
    var saga = CommandDriver.newSaga();
    failTheNextWriteOf("AUTHORISED", saga);

    var answer = driver.ask(driver.tryIt(saga, with("pm_card_visa")));

    assertThat(answer.isDone()).isTrue();
    assertThat(atProvider(saga)).containsExactly("requires_capture");
    assertThat(writesFailed(saga)).isTrue();
  }

  @Test
  @Tag("F12")
  void crashBetweenCaptureAndRecordTakesTheMoneyOnce() {
    var saga = tried("pm_card_visa");
    failTheNextWriteOf("CAPTURED", saga);

    var answer = driver.ask(driver.confirm(saga));

    assertThat(answer.isDone()).isTrue();
    assertThat(atProvider(saga)).containsExactly("succeeded");
    assertThat(writesFailed(saga)).isTrue();
  }

  /** A sequence keeps its value when the transaction is rolled back. */
  private void failTheNextWriteOf(String state, SagaId saga) {
    String name = "fail_" + saga.value().toString().replace("-", "");
    jdbc.sql(
            """
            create sequence %1$s;
            create function %1$s() returns trigger language plpgsql as $$
            begin
              if nextval('%1$s') = 1 then raise exception 'crash'; end if;
              return new;
            end $$;
            create trigger %1$s before update on payment for each row
              when (new.state = '%2$s' and new.saga_id = '%3$s') execute function %1$s();
            """
                .formatted(name, state, saga))
        .update();
  }

  private boolean writesFailed(SagaId saga) {
    String name = "fail_" + saga.value().toString().replace("-", "");
    return jdbc.sql("select last_value > 1 from " + name).query(Boolean.class).single();
  }

  @Test
  @Tag("F4")
  void repeatedConfirmTakesTheMoneyOnce() {
    NETWORK.loses(first("POST /capture", ANSWER_LOST));
    var saga = tried("pm_card_visa");
    var confirms = List.of(driver.confirm(saga), driver.confirm(saga), driver.confirm(saga));

    confirms.forEach(driver::deliver);

    assertThat(driver.answerTo(confirms.getLast()).isDone()).isTrue();
    assertThat(driver.ask(driver.confirm(saga)).isDone()).isTrue();
    assertThat(atProvider(saga)).containsExactly("succeeded");
  }

  @Test
  @Tag("F13")
  void everythingEndsAfterTheProviderWasDown() {
    NETWORK.loses(_ -> UNAVAILABLE);
    var sagas = IntStream.range(0, 6).mapToObj(_ -> CommandDriver.newSaga()).toList();
    var tries = sagas.stream().map(saga -> driver.tryIt(saga, with("pm_card_visa"))).toList();
    driver.deliver(tries);
    await()
        .atMost(LONGEST_WAIT)
        .untilAsserted(() -> assertThat(calls("authorise", "unknown")).isGreaterThan(5));
    var cancels = sagas.subList(0, 3).stream().map(driver::cancel).toList();
    driver.deliver(cancels);

    NETWORK.heals();

    assertThat(driver.answersTo(tries.subList(3, 6))).allMatch(CommandDriver.Answer::isDone);
    assertThat(driver.answersTo(cancels)).allMatch(CommandDriver.Answer::isDone);
    assertThat(sagas.subList(3, 6))
        .allSatisfy(saga -> assertThat(atProvider(saga)).containsExactly("requires_capture"));
  }

  @Test
  @Tag("F12")
  @Tag("F13")
  void nothingIsLeftHeldOrTakenTwiceOnANetworkThatLosesAThirdOfEverything() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    NETWORK.loses(
        _ ->
            switch (random.nextInt(9)) {
              case 0 -> LOST;
              case 1 -> ANSWER_LOST;
              case 2 -> UNAVAILABLE;
              default -> NONE;
            });
    var sagas = IntStream.range(0, 60).mapToObj(_ -> CommandDriver.newSaga()).toList();
    driver.deliver(sagas.stream().map(saga -> driver.tryIt(saga, with("pm_card_visa"))).toList());
    driver.deliver(sagas.subList(0, 20).stream().map(driver::cancel).toList());
    var rest = sagas.subList(20, 60);
    await("seed " + seed)
        .atMost(LONGEST_WAIT)
        .until(() -> rest.stream().allMatch(saga -> state(saga).equals("AUTHORISED")));
    var ends = new ArrayList<Envelope>();
    rest.subList(0, 20).forEach(saga -> ends.add(driver.confirm(saga)));
    rest.subList(20, 40).forEach(saga -> ends.add(driver.cancel(saga)));

    driver.deliver(ends);

    assertThat(driver.answersTo(ends)).as("seed %d", seed).allMatch(CommandDriver.Answer::isDone);
    assertThat(rest.subList(0, 20))
        .allSatisfy(saga -> assertThat(atProvider(saga)).containsExactly("succeeded"));
  }

  private static Function<String, FaultyNetwork.Fault> first(
      String request, FaultyNetwork.Fault fault) {
    var left = new AtomicInteger(1);
    return seen -> seen.equals(request) && left.getAndDecrement() > 0 ? fault : NONE;
  }

  private double calls(String operation) {
    return metrics.find("payment.provider.calls").tag("operation", operation).timers().stream()
        .mapToDouble(timer -> timer.count())
        .sum();
  }

  private double calls(String operation, String outcome) {
    return metrics
        .find("payment.provider.calls")
        .tag("operation", operation)
        .tag("outcome", outcome)
        .timers()
        .stream()
        .mapToDouble(timer -> timer.count())
        .sum();
  }

  @Test
  void paymentIsShown() {
    var saga = tried("pm_card_visa");

    var shown =
        http()
            .get()
            .uri("/payments/{id}", saga.value())
            .retrieve()
            .body(new ParameterizedTypeReference<Map<String, Object>>() {});

    assertThat(shown)
        .containsEntry("sagaId", saga.toString())
        .containsEntry("state", "AUTHORISED")
        .containsEntry("wanted", "AUTHORISED")
        .containsEntry("amountMinor", 1_250)
        .containsEntry("currency", "EUR")
        .containsEntry("outcomeUnknown", false)
        .hasEntrySatisfying("captureBefore", before -> assertThat(before).isNotNull());
  }

  @Test
  void unknownPaymentIsAProblem() {
    var problem =
        http()
            .get()
            .uri("/payments/{id}", CommandDriver.newSaga().value())
            .retrieve()
            .onStatus(status -> status == HttpStatus.NOT_FOUND, (_, _) -> {})
            .body(new ParameterizedTypeReference<Map<String, Object>>() {});

    assertThat(problem).containsEntry("status", 404).containsEntry("code", "UNKNOWN_PAYMENT");
  }

  @Test
  void sandboxShowsItsPayments() {
    var saga = tried("pm_card_visa");

    var shown =
        http()
            .get()
            .uri("/sandbox/payment_intents")
            .retrieve()
            .body(new ParameterizedTypeReference<List<Map<String, Object>>>() {});

    assertThat(shown)
        .anySatisfy(
            intent ->
                assertThat(intent)
                    .containsEntry("metadata", Map.of("saga_id", saga.toString()))
                    .containsEntry("status", "requires_capture"));
  }

  private RestClient http() {
    return RestClient.create("http://localhost:" + port);
  }
}
