package io.holdfast.payment.card;

import static io.holdfast.payment.FaultyNetwork.Fault.LOST;
import static io.holdfast.payment.FaultyNetwork.Fault.NONE;
import static io.holdfast.payment.FaultyNetwork.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.payment.AuthorizePayment;
import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.DueWork.Answered;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.SqlArrays;
import io.holdfast.participant.Settlement;
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.payment.PaymentProperties;
import io.holdfast.payment.PaymentServiceTest;
import io.holdfast.payment.card.PaymentStore.Claim;
import io.holdfast.payment.provider.Heard;
import io.holdfast.payment.provider.PaymentProvider;
import io.holdfast.payment.provider.ProviderAction;
import io.holdfast.payment.provider.ProviderAnswer;
import io.holdfast.payment.provider.ProviderRecord;
import io.holdfast.testing.StatementCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** What the provider has answered at the same time is recorded at once, row by row guarded. */
@PaymentServiceTest
@Tag("R-P2")
class PaymentRoundIT {

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  @Autowired private PaymentStore store;
  @Autowired private PaymentWorker worker;
  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;
  @Autowired private TransactionTemplate transactions;
  @Autowired private StatementCounter statements;
  @Autowired private Refunds refunds;
  @Autowired private Settlement settlement;
  @Autowired private PaymentProperties properties;
  @Autowired private MeterRegistry metrics;

  private final Map<SagaId, Envelope> tries = new LinkedHashMap<>();
  private CommandDriver<AuthorizePayment> driver;

  /** The provider hears nothing, so that what it answers is the test's to say. */
  @BeforeEach
  void silenceTheProvider() {
    driver = new CommandDriver<>(PaymentContract.PAYMENT, consumers, jdbc);
    NETWORK.loses(request -> request.startsWith("POST") ? LOST : NONE);
  }

  private static final String FORGET =
      """
      delete from payment where saga_id = any (?)
      """;

  /** What the provider was said to have here, it has not. */
  @AfterEach
  void forgetPaymentsAndHealNetwork() {
    jdbc.sql(FORGET)
        .param(SqlArrays.uuids(tries.keySet().stream().map(SagaId::value).toList()))
        .update();
    NETWORK.heals();
  }

  private static final String KEEP_FROM_THE_WORKER =
      """
      update payment
      set version = version + 1, next_action_at = now() + interval '1 hour'
      where saga_id = ?
      """;

  /** Payments that were sent, each claimed by this test. */
  private List<Claim> claims(int count) {
    var sent =
        IntStream.range(0, count)
            .mapToObj(
                _ ->
                    driver.tryIt(
                        CommandDriver.newSaga(),
                        new AuthorizePayment(1_250, "EUR", "pm_card_visa")))
            .toList();
    sent.forEach(command -> tries.put(command.sagaId(), command));
    driver.deliver(sent);
    return sent.stream().map(command -> claim(command.sagaId())).toList();
  }

  private Claim claim(SagaId saga) {
    await()
        .atMost(LONGEST_WAIT)
        .until(() -> store.load(saga).orElseThrow().state() == PaymentState.AUTHORISING);
    jdbc.sql(KEEP_FROM_THE_WORKER).param(saga.value()).update();
    return new Claim(ProviderAction.QUERY, store.load(saga).orElseThrow(), Instant.now());
  }

  private static Answered<Claim, ProviderAnswer> authorised(Claim claim) {
    return new Answered<>(
        claim, new ProviderAnswer.Authorised("pi_" + claim.payment().sagaId(), null));
  }

  private void record(List<Answered<Claim, ProviderAnswer>> round) {
    transactions.executeWithoutResult(_ -> worker.record(round));
  }

  private PaymentState state(Claim claim) {
    return store.load(claim.payment().sagaId()).orElseThrow().state();
  }

  /** Fences and payments: lock, write. Outbox: append. */
  @Test
  void statementsPerRoundDoNotGrowWithTheRound() {
    var one = claims(1).stream().map(PaymentRoundIT::authorised).toList();
    var many = claims(30).stream().map(PaymentRoundIT::authorised).toList();

    var forOne = statements.executedBy(() -> record(one));
    var forMany = statements.executedBy(() -> record(many));

    assertThat(forMany).isEqualTo(forOne).hasSize(5);
    assertThat(many)
        .allSatisfy(
            answered -> {
              assertThat(state(answered.claim())).isEqualTo(PaymentState.AUTHORISED);
            });
    assertThat(driver.answersTo(List.copyOf(tries.values())))
        .allMatch(CommandDriver.Answer::isDone);
  }

  @Test
  @Tag("R-S6")
  void lostClaimUndoesOnlyItself() {
    var claims = claims(10);
    var lost = claims.get(4).payment().sagaId();
    jdbc.sql(KEEP_FROM_THE_WORKER).param(lost.value()).update();

    record(claims.stream().map(PaymentRoundIT::authorised).toList());

    var states = claims.stream().map(this::state).toList();
    assertThat(states.get(4)).isEqualTo(PaymentState.AUTHORISING);
    assertThat(states.stream().filter(PaymentState.AUTHORISED::equals)).hasSize(9);
  }

  @Test
  void cancelThatCameDuringTheCallIsSeenAndNobodyIsTold() {
    var claims = claims(3);
    var cancelled = claims.get(1).payment().sagaId();
    driver.deliver(driver.cancel(cancelled));

    record(claims.stream().map(PaymentRoundIT::authorised).toList());

    // It is to be voided at once, and may be on its way.
    assertThat(state(claims.get(1))).isIn(PaymentState.AUTHORISED, PaymentState.VOIDING);
    assertThat(driver.countAnswersTo(Objects.requireNonNull(tries.get(cancelled)))).isZero();
    assertThat(state(claims.get(0))).isEqualTo(PaymentState.AUTHORISED);
    assertThat(state(claims.get(2))).isEqualTo(PaymentState.AUTHORISED);
  }

  private static final String SENT_LONG_AGO =
      """
      update payment
      set first_sent_at = now() - interval '1 minute', last_sent_at = now() - interval '1 minute'
      where saga_id = ?
      """;

  /** What the provider did not know a second after it was asked, it may know by now. */
  @Test
  @Tag("R-P4")
  @Tag("F13")
  void absenceIsJudgedByWhenTheProviderWasAskedNotByWhenItIsRecorded() {
    var claims = claims(2);
    NETWORK.loses(_ -> LOST);
    var sagas = claims.stream().map(claim -> claim.payment().sagaId()).toList();
    sagas.forEach(saga -> jdbc.sql(SENT_LONG_AGO).param(saga.value()).update());
    driver.deliver(sagas.stream().map(driver::cancel).toList());
    var sentAt = Objects.requireNonNull(store.load(sagas.getFirst()).orElseThrow().lastSentAt());

    record(
        List.of(
            new Answered<>(askedAt(claims.get(0), sentAt.plusSeconds(1)), ABSENT),
            new Answered<>(askedAt(claims.get(1), sentAt.plusSeconds(30)), ABSENT)));

    assertThat(state(claims.get(0))).isEqualTo(PaymentState.AUTHORISING);
    assertThat(state(claims.get(1))).isEqualTo(PaymentState.VOIDED);
  }

  private static final ProviderAnswer ABSENT = new ProviderAnswer.Absent(Duration.ZERO);

  private Claim askedAt(Claim claim, Instant at) {
    return new Claim(ProviderAction.QUERY, store.load(claim.payment().sagaId()).orElseThrow(), at);
  }

  private static final String OUTCOME_IS_UNKNOWN =
      """
      update payment
      set outcome_unknown = true
      where saga_id = ?
      """;

  /** While the provider is asked what it meant, another worker takes the payment over. */
  @Test
  @Tag("R-S6")
  void notificationWhoseClaimWasLostIsNotSaidToBeApplied() {
    var saga = claims(1).getFirst().payment().sagaId();
    jdbc.sql(OUTCOME_IS_UNKNOWN).param(saga.value()).update();
    var hearing =
        new PaymentWorker(
            store,
            refunds,
            new AuthorisedProvider(
                () -> jdbc.sql(KEEP_FROM_THE_WORKER).param(saga.value()).update()),
            settlement,
            transactions,
            properties,
            metrics);

    var heard = hearing.hear(held(saga));

    assertThat(heard).isInstanceOf(Heard.Later.class);
    assertThat(store.load(saga).orElseThrow().state()).isEqualTo(PaymentState.AUTHORISING);
    hearing.close();
  }

  private static ProviderRecord held(SagaId saga) {
    return new ProviderRecord(
        ProviderRecord.Kind.PAYMENT,
        "pi_" + saga,
        saga.value(),
        1_250,
        "EUR",
        ProviderRecord.Status.HELD,
        null,
        Instant.now());
  }

  /** Says that every payment is authorised, and lets something happen before. */
  private record AuthorisedProvider(Runnable before) implements PaymentProvider {

    @Override
    public ProviderAnswer authorise(
        SagaId saga, long amountMinor, String currency, String paymentMethod, String key) {
      return new ProviderAnswer.Unknown("not asked here");
    }

    @Override
    public ProviderAnswer capture(String providerId, String idempotencyKey) {
      return new ProviderAnswer.Unknown("not asked here");
    }

    @Override
    public ProviderAnswer voidPayment(String providerId, String idempotencyKey) {
      return new ProviderAnswer.Unknown("not asked here");
    }

    @Override
    public ProviderAnswer find(Lookup lookup) {
      before.run();
      return new ProviderAnswer.Authorised(String.valueOf(lookup.providerId()), null);
    }
  }
}
