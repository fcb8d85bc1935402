package io.holdfast.payment.transfer;

import static io.holdfast.payment.FaultyNetwork.Fault.ANSWER_LOST;
import static io.holdfast.payment.FaultyNetwork.Fault.NONE;
import static io.holdfast.payment.FaultyNetwork.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.payment.AuthorizePayment;
import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.contracts.payment.RefundPayment;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.payment.Notifier;
import io.holdfast.payment.PaymentServiceTest;
import io.holdfast.testing.StatementCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.client.RestClient;

/** Money back to the card: never more than was taken, and each refund once. */
@PaymentServiceTest
@Tag("R-P5")
class RefundIT {

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final int ACTORS = 100;
  private static final long AMOUNT = 1_000;

  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;
  @Autowired private StatementCounter statements;
  @Autowired private MeterRegistry metrics;

  @Value("${local.server.port}")
  private int port;

  private CommandDriver<AuthorizePayment> payments;
  private CommandDriver<RefundPayment> refunds;

  @BeforeEach
  void makeDrivers() {
    payments = new CommandDriver<>(PaymentContract.PAYMENT, consumers, jdbc);
    refunds = new CommandDriver<>(PaymentContract.CARD_REFUND, consumers, jdbc);
  }

  private static final String DISAGREEMENTS =
      """
      select p.saga_id || ': ' || p.refunding_minor || '+' || p.refunded_minor
      from payment p
        left join transfer t on t.kind = 'REFUND' and t.subject = p.saga_id
      group by p.saga_id
      having p.refunding_minor <> coalesce(sum(t.amount_minor) filter (where t.state in ('PREPARED', 'CREATED', 'SENDING', 'PENDING')), 0)
        or p.refunded_minor <> coalesce(sum(t.amount_minor) filter (where t.state = 'SUCCEEDED'), 0)
      """;

  private static final String NOT_AT_PROVIDER =
      """
      select p.saga_id::text
      from payment p
        join sandbox_payment_intent i on i.id = p.provider_id
      where p.refunding_minor = 0
        and p.refunded_minor <> i.amount_refunded
      """;

  /** The totals are those of the refunds, and the provider has given back as much. */
  @AfterEach
  void totalsAndProviderAgree() {
    NETWORK.heals();
    assertThat(jdbc.sql(DISAGREEMENTS).query(String.class).list()).isEmpty();
    assertThat(jdbc.sql(NOT_AT_PROVIDER).query(String.class).list()).isEmpty();
  }

  private SagaId captured(String card) {
    var saga = CommandDriver.newSaga();
    assertThat(
            payments.ask(payments.tryIt(saga, new AuthorizePayment(AMOUNT, "EUR", card))).isDone())
        .isTrue();
    assertThat(payments.ask(payments.confirm(saga)).isDone()).isTrue();
    return saga;
  }

  private static RefundPayment of(SagaId payment, long amount) {
    return new RefundPayment(payment.value(), amount, "EUR");
  }

  private SagaId prepared(SagaId payment, long amount) {
    var saga = CommandDriver.newSaga();
    assertThat(refunds.ask(refunds.tryIt(saga, of(payment, amount))).isDone()).isTrue();
    return saga;
  }

  private Map<String, Object> shown(SagaId payment) {
    Map<String, Object> body =
        RestClient.create("http://localhost:" + port)
            .get()
            .uri("/payments/{id}", payment.value())
            .retrieve()
            .body(new ParameterizedTypeReference<>() {});
    return Objects.requireNonNull(body);
  }

  private long refundsAtProvider(SagaId refund) {
    return jdbc.sql("select count(*) from sandbox_transfer where metadata ->> 'refund_id' = ?")
        .param(refund.toString())
        .query(Long.class)
        .single();
  }

  private String code(RefundPayment request) {
    var answer = refunds.ask(refunds.tryIt(CommandDriver.newSaga(), request));
    assertThat(answer.isRefused()).isTrue();
    return answer.reason().code();
  }

  @Test
  void refundInPartAndInWholeIsShown() {
    var payment = captured("pm_card_visa");

    var first = prepared(payment, 300);
    var whilePrepared = shown(payment);
    refunds.ask(refunds.confirm(first));
    var inPart = shown(payment);
    refunds.ask(refunds.confirm(prepared(payment, 700)));
    var inWhole = shown(payment);

    assertThat(whilePrepared)
        .containsEntry("state", "CAPTURED")
        .containsEntry("refundingMinor", 300);
    assertThat(inPart)
        .containsEntry("state", "REFUNDED_IN_PART")
        .containsEntry("refundedMinor", 300)
        .hasEntrySatisfying(
            "refunds", list -> assertThat(list).asString().contains("state=SUCCEEDED"));
    assertThat(inWhole).containsEntry("state", "REFUNDED").containsEntry("refundedMinor", 1_000);
    assertThat(code(of(payment, 1))).isEqualTo("REFUND_EXCEEDS_PAYMENT");
  }

  @Test
  void droppedRefundIsNotSentAndFreesItsPart() {
    var payment = captured("pm_card_visa");
    var refund = prepared(payment, AMOUNT);

    var cancelled = refunds.ask(refunds.cancel(refund));

    assertThat(cancelled.isDone()).isTrue();
    assertThat(refundsAtProvider(refund)).isZero();
    prepared(payment, AMOUNT);
  }

  @Test
  void refundThatTheCardDoesNotTakeIsDeclinedAndFreesItsPart() {
    var payment = captured("pm_card_refundDeclined");
    var refund = prepared(payment, AMOUNT);

    var confirm = refunds.ask(refunds.confirm(refund));
    var again = refunds.ask(refunds.confirm(refund));
    var cancelled = refunds.ask(refunds.cancel(refund));

    assertThat(confirm.isRefused()).isTrue();
    assertThat(confirm.reason().code()).isEqualTo("REFUND_FAILED");
    assertThat(again).isEqualTo(confirm);
    assertThat(cancelled.isDone()).isTrue();
    assertThat(shown(payment)).containsEntry("refundingMinor", 0).containsEntry("refundedMinor", 0);
  }

  @Test
  void slowRefundIsConfirmedWhenItIsDone() {
    var payment = captured("pm_card_refundPending");

    var confirmed = refunds.ask(refunds.confirm(prepared(payment, 400)));

    assertThat(confirmed.isDone()).isTrue();
    assertThat(shown(payment)).containsEntry("state", "REFUNDED_IN_PART");
  }

  @Test
  void refundThatCannotBeIsRefused() {
    var payment = captured("pm_card_visa");
    var held = CommandDriver.newSaga();
    payments.ask(payments.tryIt(held, new AuthorizePayment(AMOUNT, "EUR", "pm_card_visa")));

    assertThat(code(of(payment, 0))).isEqualTo("INVALID_REQUEST");
    assertThat(code(of(payment, AMOUNT + 1))).isEqualTo("REFUND_EXCEEDS_PAYMENT");
    assertThat(code(new RefundPayment(payment.value(), 1, "USD"))).isEqualTo("CURRENCY_MISMATCH");
    assertThat(code(of(CommandDriver.newSaga(), 1))).isEqualTo("UNKNOWN_PAYMENT");
    assertThat(code(of(held, 1))).isEqualTo("PAYMENT_NOT_CAPTURED");
    payments.ask(payments.cancel(held));
  }

  @Test
  @Tag("F13")
  void lostAnswerIsAskedForAndTheMoneyGivenBackOnce() {
    var payment = captured("pm_card_visa");
    var left = new AtomicInteger(2);
    NETWORK.loses(
        request ->
            request.equals("POST /refunds") && left.getAndDecrement() > 0 ? ANSWER_LOST : NONE);
    var refund = prepared(payment, 400);

    var confirmed = refunds.ask(refunds.confirm(refund));

    assertThat(confirmed.isDone()).isTrue();
    assertThat(refundsAtProvider(refund)).isEqualTo(1);
  }

  @Test
  @Tag("F12")
  void crashBetweenRefundAndRecordGivesBackOnce() {
    var payment = captured("pm_card_visa");
    var refund = prepared(payment, 400);
    String name = "fail_" + refund.value().toString().replace("-", "");
    jdbc.sql(
            """
            create sequence %1$s;
            create function %1$s() returns trigger language plpgsql as $$
            begin
              if nextval('%1$s') = 1 then raise exception 'crash'; end if;
              return new;
            end $$;
            create trigger %1$s before update on transfer for each row
              when (new.state = 'SUCCEEDED' and new.id = '%2$s') execute function %1$s();
            """
                .formatted(name, refund))
        .update();

    var confirmed = refunds.ask(refunds.confirm(refund));

    assertThat(confirmed.isDone()).isTrue();
    assertThat(refundsAtProvider(refund)).isEqualTo(1);
    assertThat(jdbc.sql("select last_value > 1 from " + name).query(Boolean.class).single())
        .isTrue();
  }

  /** 100 refunds of 30 each of a payment of 1,000: 33 fit. */
  @Test
  void hundredRefundsAtOnceNeverExceedWhatWasCaptured()
      throws InterruptedException, ExecutionException {
    var payment = captured("pm_card_visa");
    long parkedBefore = parked();
    var tries =
        IntStream.range(0, ACTORS)
            .mapToObj(_ -> refunds.tryIt(CommandDriver.newSaga(), of(payment, 30)))
            .toList();

    Notifier.atOnce(
        tries.stream()
            .map(
                command ->
                    (Callable<Boolean>)
                        () -> {
                          refunds.deliver(command);
                          return true;
                        })
            .toList());
    var answers = refunds.answersTo(tries);
    var confirms =
        IntStream.range(0, ACTORS)
            .filter(i -> answers.get(i).isDone())
            .mapToObj(i -> refunds.confirm(tries.get(i).sagaId()))
            .toList();
    Notifier.atOnce(
        confirms.stream()
            .map(
                command ->
                    (Callable<Boolean>)
                        () -> {
                          refunds.deliver(command);
                          return true;
                        })
            .toList());

    assertThat(answers.stream().filter(CommandDriver.Answer::isDone)).hasSize(33);
    assertThat(answers.stream().filter(CommandDriver.Answer::isRefused)).hasSize(67);
    assertThat(refunds.answersTo(confirms)).allMatch(CommandDriver.Answer::isDone);
    assertThat(shown(payment))
        .containsEntry("refundedMinor", 990)
        .containsEntry("refundingMinor", 0);
    assertThat(parked()).isEqualTo(parkedBefore);
  }

  private SagaId heldAndCapturedByHand(String card) {
    var saga = CommandDriver.newSaga();
    assertThat(
            payments.ask(payments.tryIt(saga, new AuthorizePayment(AMOUNT, "EUR", card))).isDone())
        .isTrue();
    RestClient.create("http://localhost:" + port)
        .post()
        .uri("/sandbox/v1/payment_intents/{id}/capture", shown(saga).get("providerId"))
        .header("Authorization", "Bearer sk_test_x")
        .retrieve()
        .toBodilessEntity();
    return saga;
  }

  /** Somebody captures in the provider's dashboard; then the saga's deadline passes. */
  @Test
  @Tag("R-S4")
  void paymentThatWasCapturedByHandIsGivenBackWhenItsSagaIsCancelled() {
    var saga = heldAndCapturedByHand("pm_card_visa");

    var cancelled = payments.ask(payments.cancel(saga));

    assertThat(cancelled.isDone()).isTrue();
    assertThat(shown(saga))
        .containsEntry("state", "REFUNDED")
        .containsEntry("refundedMinor", 1_000)
        .containsEntry("alarm", null);
    assertThat(refundsAtProvider(saga)).isEqualTo(1);
  }

  @Test
  @Tag("R-S4")
  void paymentThatIsKnownToBeCapturedByHandIsGivenBackToo() {
    var saga = heldAndCapturedByHand("pm_card_refundPending");
    new Notifier(port)
        .send(
            Notifier.intentEvent(
                Notifier.newId(),
                "succeeded",
                String.valueOf(shown(saga).get("providerId")),
                AMOUNT,
                "succeeded",
                Map.of("saga_id", saga.toString())));
    await()
        .atMost(LONGEST_WAIT)
        .untilAsserted(() -> assertThat(shown(saga)).containsEntry("state", "CAPTURED"));

    var cancel = payments.cancel(saga);
    payments.deliver(cancel);
    payments.deliver(payments.cancel(saga));

    assertThat(payments.ask(payments.cancel(saga)).isDone()).isTrue();
    assertThat(shown(saga)).containsEntry("state", "REFUNDED");
    assertThat(refundsAtProvider(saga)).isEqualTo(1);
  }

  @Test
  @Tag("R-S4")
  @Tag("F13")
  void paymentThatWasCapturedByHandIsGivenBackOnceWhenAnswersGetLost() {
    var saga = heldAndCapturedByHand("pm_card_visa");
    var left = new AtomicInteger(2);
    NETWORK.loses(
        request ->
            request.equals("POST /refunds") && left.getAndDecrement() > 0 ? ANSWER_LOST : NONE);

    assertThat(payments.ask(payments.cancel(saga)).isDone()).isTrue();
    assertThat(refundsAtProvider(saga)).isEqualTo(1);
  }

  @Test
  @Tag("R-S4")
  void paymentThatTheCardDoesNotTakeBackIsAlarmedAndItsCancelStaysOpen() {
    var saga = heldAndCapturedByHand("pm_card_refundDeclined");
    double before = metrics.counter("payment.mismatch", "kind", "payment").count();
    var cancel = payments.cancel(saga);

    payments.deliver(cancel);

    await()
        .atMost(LONGEST_WAIT)
        .untilAsserted(
            () ->
                assertThat(shown(saga))
                    .hasEntrySatisfying(
                        "alarm",
                        alarm ->
                            assertThat(String.valueOf(alarm)).contains("not to be given back")));
    assertThat(shown(saga)).containsEntry("state", "CAPTURED").containsEntry("refundingMinor", 0);
    assertThat(metrics.counter("payment.mismatch", "kind", "payment").count())
        .isGreaterThanOrEqualTo(before + 1);
    assertThat(payments.countAnswersTo(cancel)).isZero();
  }

  private long parked() {
    return jdbc.sql("select count(*) from parked_message").query(Long.class).single();
  }

  /** The check in the database is the last net: the code has to refuse before it fires. */
  @Test
  void batchOfTooManyRefundsIsRefusedWithoutTheDatabasesHelp() {
    var payment = captured("pm_card_visa");
    var batch =
        IntStream.range(0, 20)
            .mapToObj(_ -> refunds.tryIt(CommandDriver.newSaga(), of(payment, 300)))
            .toList();

    var executed = statements.executedBy(() -> refunds.deliver(batch));

    assertThat(StatementCounter.attempts(executed)).isEqualTo(1);
    assertThat(refunds.answersTo(batch).stream().filter(CommandDriver.Answer::isDone)).hasSize(3);
  }

  @Test
  void databaseRefusesMoreThanWasCaptured() {
    var payment = captured("pm_card_visa");
    var sql =
        jdbc.sql("update payment set refunding_minor = 1001 where saga_id = ?")
            .param(payment.value());

    org.assertj.core.api.Assertions.assertThatThrownBy(sql::update)
        .hasMessageContaining("payment_refunds_within_capture");
  }
}
