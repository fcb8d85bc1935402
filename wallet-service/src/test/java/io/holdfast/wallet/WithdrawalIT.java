package io.holdfast.wallet;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.contracts.saga.StartSaga;
import io.holdfast.contracts.saga.Withdraw;
import io.holdfast.contracts.wallet.HoldWithdrawal;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.RedoBatch;
import io.holdfast.messaging.UuidV7;
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.participant.testing.OutboxReader;
import io.holdfast.testing.HoldfastTest;
import io.holdfast.testing.StatementCounter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@HoldfastTest({
  "spring.config.name=wallet-service",
  "holdfast.wallet.resend.first-after=3s",
  "holdfast.wallet.ledger-check.every=200ms"
})
@Tag("R-W3")
class WithdrawalIT {

  private final Instant start = Instant.now();

  @LocalServerPort private int port;
  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;
  @Autowired private StatementCounter statements;
  @Autowired private WithdrawalStore store;
  private WalletHttp http;
  private CommandDriver<HoldWithdrawal> driver;

  @BeforeEach
  void connect() {
    http = new WalletHttp(port);
    driver = new CommandDriver<>(WalletContract.WITHDRAWAL, consumers, jdbc);
  }

  @Test
  void requestHoldsTheMoneyAndASecondOneOfTheSameIdIsTheSame() {
    var walletId = http.walletWith(1_000);
    var id = UuidV7.next();

    var first = http.withdraw(walletId, id, 300).ok();
    var again = http.withdraw(walletId, id, 300).ok();

    assertThat(again.body()).isEqualTo(first.body());
    assertThat(first.json().get("state").asString()).isEqualTo("REQUESTED");
    assertThat(http.wallet(walletId))
        .isEqualTo(new Wallet(walletId, "EUR", 700, 300, 0, 0, 1_000, 0));
  }

  @Test
  void sameIdForAnotherWithdrawalIsRefused() {
    var walletId = http.walletWith(1_000);
    var id = UuidV7.next();
    http.withdraw(walletId, id, 300).ok();

    var otherAmount = http.withdraw(walletId, id, 301);
    var otherWallet = http.withdraw(http.walletWith(1_000), id, 300);

    assertThat(otherAmount.status()).isEqualTo(422);
    assertThat(otherAmount.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
    assertThat(otherWallet.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
    assertThat(http.wallet(walletId).heldMinor()).isEqualTo(300);
  }

  @Test
  void refusalForTheBalanceStaysOneWhenMoneyArrives() {
    var walletId = http.walletWith(100);
    var id = UuidV7.next();

    var first = http.withdraw(walletId, id, 300);
    http.credit(walletId, 1_000, "more").ok();
    var again = http.withdraw(walletId, id, 300);

    assertThat(first.status()).isEqualTo(409);
    assertThat(first.code()).isEqualTo("INSUFFICIENT_BALANCE");
    assertThat(again.code()).isEqualTo("INSUFFICIENT_BALANCE");
    assertThat(http.wallet(walletId).heldMinor()).isZero();
    assertThat(http.approve(id).code()).isEqualTo("ALREADY_DECIDED");
  }

  @Test
  @Tag("R-W6")
  void walletThatDoesNotExistIsRefusedForItsBalance() {
    var answer = http.withdraw(UuidV7.next(), UuidV7.next(), 1);

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.code()).isEqualTo("INSUFFICIENT_BALANCE");
  }

  @Test
  void refusalStaysOneWhenTheWalletOpensInAnotherCurrency() {
    var walletId = UuidV7.next();
    var id = UuidV7.next();

    var first = http.withdraw(walletId, id, 300);
    http.credit(walletId, 1_000, "first", "USD").ok();
    var again = http.withdraw(walletId, id, 300);
    var other = http.withdraw(walletId, UuidV7.next(), 300);

    assertThat(first.code()).isEqualTo("INSUFFICIENT_BALANCE");
    assertThat(again.code()).isEqualTo("INSUFFICIENT_BALANCE");
    assertThat(other.code()).isEqualTo("CURRENCY_MISMATCH");
  }

  @Test
  void wrongRequestsAreProblems() {
    var walletId = http.walletWith(100);

    assertThat(http.withdraw(walletId, UUID.randomUUID(), 1).code()).isEqualTo("INVALID_FIELD");
    assertThat(http.withdraw(walletId, UuidV7.next(), 0).code()).isEqualTo("INVALID_FIELD");
    assertThat(http.post("/wallets/" + walletId + "/withdrawals", "{}").code())
        .isEqualTo("INVALID_FIELD");
    assertThat(http.approve(UuidV7.next()).status()).isEqualTo(404);
    assertThat(http.reject(UuidV7.next()).code()).isEqualTo("UNKNOWN_WITHDRAWAL");
    assertThat(http.get("/withdrawals/" + UuidV7.next()).status()).isEqualTo(404);
    assertThat(
            http.post("/withdrawals/" + UuidV7.next() + "/reject", "{\"reason\":\"\\u0000\"}")
                .code())
        .isEqualTo("INVALID_FIELD");
    assertThat(
            http.post(
                    "/wallets/" + walletId + "/withdrawals",
                    """
                    {"withdrawalId":"%s","amountMinor":1,"currency":"USD","destination":"ba_1"}
                    """
                        .formatted(UuidV7.next()))
                .code())
        .isEqualTo("CURRENCY_MISMATCH");
  }

  @Test
  void listsNewestFirstAndByPages() {
    var walletId = http.walletWith(100);
    var ids = IntStream.range(0, 5).mapToObj(_ -> UuidV7.next()).sorted().toList();
    ids.forEach(id -> http.withdraw(walletId, id, 1).ok());

    var first = http.get("/wallets/" + walletId + "/withdrawals?limit=3").ok().json();
    var rest =
        http.get(
                "/wallets/"
                    + walletId
                    + "/withdrawals?limit=3&after="
                    + first.get("next").asString())
            .ok()
            .json();

    assertThat(first.get("withdrawals")).hasSize(3);
    assertThat(rest.get("withdrawals")).hasSize(2);
    assertThat(rest.get("next").isNull()).isTrue();
  }

  @Test
  void approvalStartsTheSagaInItsTransactionAndOnlyOnce() {
    var walletId = http.walletWith(1_000);
    var id = http.approvedWithdrawal(walletId, 300);

    var again = http.approve(id).ok();

    assertThat(again.json().get("state").asString()).isEqualTo("APPROVED");
    var started = starts(id);
    assertThat(started).hasSize(1);
    var body = Json.read(started.getFirst().body(), StartSaga.class);
    assertThat(body.definition()).isEqualTo(Withdraw.DEFINITION);
    assertThat(Json.read(body.input(), Withdraw.class))
        .isEqualTo(new Withdraw(id, 300, "EUR", "ba_1"));
    assertThat(http.reject(id).code()).isEqualTo("ALREADY_DECIDED");
  }

  @Test
  void confirmedSagaHasPaidItOut() {
    var walletId = http.walletWith(1_000);
    var id = http.approvedWithdrawal(walletId, 300);
    var saga = new SagaId(id);

    assertThat(driver.ask(driver.tryIt(saga, new HoldWithdrawal(id))).isDone()).isTrue();
    assertThat(http.state(id)).isEqualTo(WithdrawalState.PAYING);
    assertThat(driver.ask(driver.confirm(saga)).isDone()).isTrue();
    assertThat(driver.ask(driver.confirm(saga)).isDone()).isTrue();

    assertThat(http.state(id)).isEqualTo(WithdrawalState.PAID);
    assertThat(http.wallet(walletId))
        .isEqualTo(new Wallet(walletId, "EUR", 700, 0, 0, 300, 1_000, 0));
  }

  @Test
  void cancelledSagaGivesTheMoneyBackOnce() {
    var walletId = http.walletWith(1_000);
    var id = http.approvedWithdrawal(walletId, 300);
    var saga = new SagaId(id);
    driver.ask(driver.tryIt(saga, new HoldWithdrawal(id)));

    driver.ask(driver.cancel(saga));
    driver.ask(driver.cancel(saga));

    assertThat(http.state(id)).isEqualTo(WithdrawalState.FAILED);
    assertThat(http.wallet(walletId))
        .isEqualTo(new Wallet(walletId, "EUR", 1_000, 0, 0, 0, 1_000, 0));
  }

  @Test
  void tryAndConfirmInOneBatchPayOnce() {
    var walletId = http.walletWith(1_000);
    var id = http.approvedWithdrawal(walletId, 300);
    var saga = new SagaId(id);
    var batch = List.of(driver.tryIt(saga, new HoldWithdrawal(id)), driver.confirm(saga));

    driver.deliver(batch);

    assertThat(driver.answersTo(batch)).allMatch(CommandDriver.Answer::isDone);
    assertThat(http.wallet(walletId).withdrawnMinor()).isEqualTo(300);
  }

  @Test
  void sagaOfAWithdrawalThatIsNotApprovedIsRefused() {
    var walletId = http.walletWith(1_000);
    var id = UuidV7.next();
    http.withdraw(walletId, id, 300).ok();

    var notApproved = driver.ask(driver.tryIt(new SagaId(id), new HoldWithdrawal(id)));
    var unknown =
        driver.ask(driver.tryIt(CommandDriver.newSaga(), new HoldWithdrawal(UuidV7.next())));

    assertThat(notApproved.reason().code()).isEqualTo("WITHDRAWAL_NOT_APPROVED");
    assertThat(unknown.reason().code()).isEqualTo("UNKNOWN_WITHDRAWAL");
    assertThat(http.state(id)).isEqualTo(WithdrawalState.REQUESTED);
  }

  @Test
  void sagaThatWasCancelledBeforeItCameHereGivesTheMoneyBack() {
    var walletId = http.walletWith(1_000);
    var id = http.approvedWithdrawal(walletId, 300);

    driver.ask(driver.cancel(new SagaId(id)));

    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> http.state(id) == WithdrawalState.FAILED);
    assertThat(http.wallet(walletId).availableMinor()).isEqualTo(1_000);
    assertThat(driver.ask(driver.tryIt(new SagaId(id), new HoldWithdrawal(id))).isRefused())
        .isTrue();
  }

  @Test
  @Tag("R-S3")
  void withdrawalThatCannotGoBackIsPutOffAndOthersGoOn() {
    var walletId = http.walletWith(1_000);
    var broken = http.approvedWithdrawal(walletId, 300);
    var other = http.approvedWithdrawal(walletId, 100);
    // As giving it back would have written it: so that cannot be written.
    jdbc.sql(
            """
            insert into wallet_entry
              (wallet_id, cause_id, operation, debit_account, credit_account, amount_minor)
            values (?, ?, 'WITHDRAWAL_BACK', 'HELD', 'AVAILABLE', 300)
            """)
        .params(walletId, broken)
        .update();
    try {
      driver.ask(driver.cancel(new SagaId(broken)));
      driver.ask(driver.cancel(new SagaId(other)));

      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> http.state(other) == WithdrawalState.FAILED);
      assertThat(http.state(broken)).isEqualTo(WithdrawalState.APPROVED);
      assertThat(http.wallet(walletId))
          .isEqualTo(new Wallet(walletId, "EUR", 700, 300, 0, 0, 1_000, 0));
    } finally {
      // What its entry says already.
      store.move(
          List.of(
              new WithdrawalStore.Move(broken, WithdrawalState.APPROVED, WithdrawalState.FAILED)));
      jdbc.sql(
              """
              update wallet
              set available_minor = available_minor + 300, held_minor = held_minor - 300
              where wallet_id = ?
              """)
          .param(walletId)
          .update();
    }
    http.checkLedger();
  }

  @Test
  void startThatNobodyTakesUpIsSentAgainWithAQuestionBehindIt() {
    var id = http.approvedWithdrawal(http.walletWith(1_000), 300);

    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(starts(id)).hasSizeGreaterThan(1));

    assertThat(about(id, SagaContract.ASK_OUTCOME_TYPE))
        .isNotEmpty()
        .allMatch(question -> "withdrawal".equals(question.step()));
  }

  @Test
  void statementsPerBatchDoNotGrowWithTheBatch() {
    var small = mixedBatch(1);
    var large = mixedBatch(20);

    var forSmall = statements.executedBy(() -> driver.deliver(small));
    var forLarge = statements.executedBy(() -> driver.deliver(large));

    assertThat(forLarge).isEqualTo(forSmall).hasSize(5 + 5);
  }

  private List<Envelope> mixedBatch(int size) {
    var batch = new ArrayList<Envelope>();
    for (int i = 0; i < size; i++) {
      var walletId = http.walletWith(100);
      var ids = IntStream.range(0, 3).mapToObj(_ -> http.approvedWithdrawal(walletId, 10)).toList();
      driver.ask(driver.tryIt(new SagaId(ids.get(0)), new HoldWithdrawal(ids.get(0))));
      driver.ask(driver.tryIt(new SagaId(ids.get(1)), new HoldWithdrawal(ids.get(1))));
      batch.add(driver.confirm(new SagaId(ids.get(0))));
      batch.add(driver.cancel(new SagaId(ids.get(1))));
      batch.add(driver.tryIt(new SagaId(ids.get(2)), new HoldWithdrawal(ids.get(2))));
    }
    return batch;
  }

  @Test
  @Tag("R-W1")
  void hundredWithdrawalsAtOnceTakeWhatIsThereAndNoMore() {
    var walletId = http.walletWith(4_000);

    var answers = Race.of(100, _ -> () -> http.withdraw(walletId, UuidV7.next(), 100));

    assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(40);
    assertThat(answers.stream().filter(answer -> answer.status() != 200))
        .hasSize(60)
        .allMatch(answer -> answer.code().equals("INSUFFICIENT_BALANCE"));
    assertThat(http.wallet(walletId))
        .isEqualTo(new Wallet(walletId, "EUR", 0, 4_000, 0, 0, 4_000, 0));
    http.checkLedger();
  }

  @Test
  void sameRequestHundredTimesAtOnceHoldsItsMoneyOnce() {
    var walletId = http.walletWith(1_000);
    var id = UuidV7.next();

    var answers = Race.of(100, _ -> () -> http.withdraw(walletId, id, 400));

    assertThat(answers).allMatch(answer -> answer.status() == 200);
    assertThat(http.wallet(walletId).heldMinor()).isEqualTo(400);
  }

  @Test
  void approveAndRejectHundredTimesAtOnceDecideOnce() {
    var walletId = http.walletWith(1_000);
    for (int round = 0; round < 4; round++) {
      var before = http.wallet(walletId);
      var id = UuidV7.next();
      http.withdraw(walletId, id, 100).ok();

      var answers =
          Race.of(
              100, i -> () -> i % 2 == 0 ? http.approve(id).status() : http.reject(id).status());

      boolean approved = http.state(id) == WithdrawalState.APPROVED;
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i)).isEqualTo((i % 2 == 0) == approved ? 200 : 409);
      }
      assertThat(starts(id).isEmpty()).isNotEqualTo(approved);
      var after = http.wallet(walletId);
      assertThat(after.heldMinor() - before.heldMinor()).isEqualTo(approved ? 100 : 0);
      assertThat(before.availableMinor() - after.availableMinor()).isEqualTo(approved ? 100 : 0);
    }
    http.checkLedger();
  }

  @Test
  void oneWithdrawalIsPaidOutOnceHoweverManyApproveAndConfirmAtOnce() {
    var walletId = http.walletWith(1_000);
    for (long round = 1; round <= 3; round++) {
      var id = UuidV7.next();
      var saga = new SagaId(id);
      http.withdraw(walletId, id, 100).ok();

      var approved = Race.of(100, _ -> () -> http.approve(id).status());
      // A start that nobody has taken up for a while is sent again, with a question behind it.
      var said = about(id);
      Race.of(100, _ -> () -> delivered(driver.tryIt(saga, new HoldWithdrawal(id))));
      Race.of(100, _ -> () -> delivered(driver.confirm(saga)));

      assertThat(approved).allMatch(status -> status == 200);
      assertThat(count(said, SagaContract.START_TYPE))
          .isEqualTo(1 + count(said, SagaContract.ASK_OUTCOME_TYPE));
      assertThat(http.state(id)).isEqualTo(WithdrawalState.PAID);
      assertThat(http.wallet(walletId))
          .isEqualTo(new Wallet(walletId, "EUR", 1_000 - round * 100, 0, 0, round * 100, 1_000, 0));
    }
    http.checkLedger();
  }

  /** The net under the lock: no race reaches it as long as the lock is taken. */
  @Test
  void decisionThatComesSecondIsRefusedByTheRowItself() {
    var walletId = http.walletWith(1_000);
    var id = http.approvedWithdrawal(walletId, 100);

    assertThatThrownBy(() -> store.decide(id, WithdrawalState.REJECTED, null, Duration.ZERO))
        .isInstanceOf(RedoBatch.class);

    assertThat(http.state(id)).isEqualTo(WithdrawalState.APPROVED);
  }

  private boolean delivered(Envelope command) {
    driver.deliver(command);
    return true;
  }

  @Test
  @Tag("R-W2")
  void anyInterleavingOfCreditRequestApproveRejectAndPayoutConservesMoneyAtEveryMoment() {
    var walletId = http.walletWith(2_000);
    var requested = new ConcurrentLinkedQueue<UUID>();
    var sawTrouble = new AtomicReference<String>("");
    var looks = new AtomicInteger();
    var done = new AtomicBoolean();
    var watcher = Thread.ofVirtual().start(() -> watch(walletId, done, looks, sawTrouble));

    var credited = Race.of(160, i -> () -> act(i, walletId, requested));

    done.set(true);
    join(watcher);
    assertThat(sawTrouble.get()).isEmpty();
    assertThat(looks.get()).isPositive();
    var wallet = http.wallet(walletId);
    long sum = credited.stream().mapToLong(Long::longValue).sum();
    assertThat(wallet.creditedMinor()).isEqualTo(2_000 + sum);
    assertThat(wallet.withdrawnMinor()).isEqualTo(sumOf(walletId, Set.of("PAID")));
    assertThat(wallet.heldMinor())
        .isEqualTo(sumOf(walletId, Set.of("REQUESTED", "APPROVED", "PAYING")));
    http.checkLedger();
  }

  /** One actor's few actions; returns what it has paid in. */
  private long act(int actor, UUID walletId, ConcurrentLinkedQueue<UUID> requested) {
    var random = ThreadLocalRandom.current();
    long credited = 0;
    for (int step = 0; step < 4; step++) {
      switch (random.nextInt(5)) {
        case 0 -> {
          http.credit(walletId, 50, actor + "-" + step).ok();
          credited += 50;
        }
        case 1, 2 -> {
          var id = UuidV7.next();
          var answer = http.withdraw(walletId, id, 10 + random.nextInt(200));
          if (answer.status() == 200) {
            requested.add(id);
          } else {
            assertThat(answer.code()).isEqualTo("INSUFFICIENT_BALANCE");
          }
        }
        case 3 -> {
          var id = requested.poll();
          if (id != null) {
            var decisions = Race.of(6, i -> () -> i % 2 == 0 ? http.approve(id) : http.reject(id));
            assertThat(whatReviewersWereTold(decisions)).isIn("200 409", "409 200");
            payOrFail(id, random.nextBoolean());
          }
        }
        default -> {
          var id = requested.poll();
          if (id != null) {
            assertThat(http.reject(id).status()).isIn(200, 409);
          }
        }
      }
    }
    return credited;
  }

  /** Reviewers who do not agree: what those who approve and those who reject were told. */
  private static String whatReviewersWereTold(List<WalletHttp.Answer> decisions) {
    var approving = new TreeSet<Integer>();
    var rejecting = new TreeSet<Integer>();
    for (int i = 0; i < decisions.size(); i++) {
      (i % 2 == 0 ? approving : rejecting).add(decisions.get(i).status());
    }
    return Stream.of(approving, rejecting)
        .map(statuses -> statuses.stream().map(String::valueOf).collect(joining("+")))
        .collect(joining(" "));
  }

  private void payOrFail(UUID id, boolean pay) {
    var saga = new SagaId(id);
    driver.deliver(driver.tryIt(saga, new HoldWithdrawal(id)));
    if (http.state(id) == WithdrawalState.PAYING) {
      driver.deliver(pay ? driver.confirm(saga) : driver.cancel(saga));
    }
  }

  /** Also that it could not look is trouble. */
  private void watch(
      UUID walletId, AtomicBoolean done, AtomicInteger looks, AtomicReference<String> sawTrouble) {
    try {
      while (!done.get() && sawTrouble.get().isEmpty()) {
        sawTrouble.set(look(walletId));
        looks.incrementAndGet();
      }
    } catch (Throwable e) {
      sawTrouble.set(e.toString());
    }
  }

  /** What does not add up; empty if all does. */
  private String look(UUID walletId) {
    var wallet = http.wallet(walletId);
    long there =
        wallet.availableMinor()
            + wallet.heldMinor()
            + wallet.spentMinor()
            + wallet.withdrawnMinor();
    boolean isNegative = wallet.availableMinor() < 0 || wallet.heldMinor() < 0;
    if (isNegative || there != wallet.creditedMinor() + wallet.refundedMinor()) {
      return wallet.toString();
    }
    var result = http.post("/ledger/checks").ok().json();
    return result.get("differences").isEmpty() ? "" : result.toString();
  }

  private static void join(Thread watcher) {
    try {
      assertThat(watcher.join(Duration.ofSeconds(30))).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private long sumOf(UUID walletId, Set<String> states) {
    long sum = 0;
    var withdrawals = http.get("/wallets/" + walletId + "/withdrawals?limit=500").ok().json();
    for (var withdrawal : withdrawals.get("withdrawals")) {
      if (states.contains(withdrawal.get("state").asString())) {
        sum += withdrawal.get("amountMinor").asLong();
      }
    }
    return sum;
  }

  private List<Envelope> starts(UUID id) {
    return about(id, SagaContract.START_TYPE);
  }

  private List<Envelope> about(UUID id, String type) {
    return about(id).stream().filter(message -> message.type().equals(type)).toList();
  }

  /** All that was said of it until one moment. */
  private List<Envelope> about(UUID id) {
    return new OutboxReader(jdbc)
        .since(start.minusSeconds(1)).stream()
            .filter(message -> message.sagaId().value().equals(id))
            .toList();
  }

  private static long count(List<Envelope> said, String type) {
    return said.stream().filter(message -> message.type().equals(type)).count();
  }
}
