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
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.payment.PaymentServiceTest;
import io.holdfast.payment.card.PaymentStore.Claim;
import io.holdfast.payment.provider.ProviderAction;
import io.holdfast.payment.provider.ProviderAnswer;
import io.holdfast.testing.StatementCounter;
import java.time.Duration;
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
    return new Claim(ProviderAction.QUERY, store.load(saga).orElseThrow());
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
}
