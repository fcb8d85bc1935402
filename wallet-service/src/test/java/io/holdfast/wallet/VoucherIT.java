package io.holdfast.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.wallet.BalanceHeld;
import io.holdfast.contracts.wallet.HoldBalance;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.messaging.BatchConsumers;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.UuidV7;
import io.holdfast.participant.testing.CommandDriver;
import io.holdfast.participant.testing.CommandDriver.Answer;
import io.holdfast.testing.HoldfastTest;
import io.holdfast.testing.StatementCounter;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@HoldfastTest("spring.config.name=wallet-service")
@Tag("R-W9")
class VoucherIT {

  private static final String FUTURE = "2099-01-01T00:00:00Z";

  @LocalServerPort private int port;
  @Autowired private BatchConsumers consumers;
  @Autowired private JdbcClient jdbc;
  @Autowired private StatementCounter statements;
  private WalletHttp http;
  private CommandDriver<HoldBalance> driver;

  @BeforeEach
  void connect() {
    http = new WalletHttp(port);
    driver = new CommandDriver<>(WalletContract.WALLET, consumers, jdbc);
  }

  private static HoldBalance order(UUID walletId, long amountMinor, @Nullable String voucher) {
    return new HoldBalance(walletId, amountMinor, "EUR", false, voucher, List.of());
  }

  private Answer hold(SagaId saga, HoldBalance order) {
    return driver.ask(driver.tryIt(saga, order));
  }

  private void assertUses(String code, int reserved, int redeemed) {
    JsonNode voucher = http.get("/vouchers/" + code).ok().json();
    assertThat(voucher.get("reserved").asInt()).isEqualTo(reserved);
    assertThat(voucher.get("redeemed").asInt()).isEqualTo(redeemed);
  }

  @Test
  void voucherPaysItsPartAndTheWalletTheRest() {
    var walletId = http.walletWith(1_000);
    String code = http.voucher(300, 1);
    var saga = CommandDriver.newSaga();

    var held = hold(saga, order(walletId, 500, code));
    assertUses(code, 1, 0);
    driver.ask(driver.confirm(saga));

    assertThat(Json.read(held.body(), BalanceHeld.class)).isEqualTo(new BalanceHeld(500, 0, 300));
    assertThat(http.wallet(walletId))
        .isEqualTo(new Wallet(walletId, "EUR", 800, 0, 200, 0, 1_000, 0));
    assertUses(code, 0, 1);
    http.checkLedger();
  }

  @Test
  void cancelledOrderGivesTheVoucherBack() {
    var walletId = http.walletWith(1_000);
    String code = http.voucher(300, 1);
    var saga = CommandDriver.newSaga();
    hold(saga, order(walletId, 500, code));

    driver.ask(driver.cancel(saga));
    assertUses(code, 0, 0);
    var next = hold(CommandDriver.newSaga(), order(walletId, 500, code));

    assertThat(next.isDone()).isTrue();
    assertThat(http.wallet(walletId).heldMinor()).isEqualTo(200);
    http.checkLedger();
  }

  @Test
  void sameOrderIsNotRefusedBecauseItUsesTheVoucherItself() {
    var walletId = http.walletWith(1_000);
    String code = http.voucher(300, 1);
    var saga = CommandDriver.newSaga();

    var first = hold(saga, order(walletId, 500, code));
    var again = hold(saga, order(walletId, 500, code));

    assertThat(again).isEqualTo(first);
    assertUses(code, 1, 0);
  }

  @Test
  @Tag("R-W6")
  void voucherThatCoversAllNeedsNoWallet() {
    var walletId = UuidV7.next();
    String code = http.voucher(900, 2);
    var saga = CommandDriver.newSaga();

    var held = hold(saga, order(walletId, 500, code));
    driver.ask(driver.confirm(saga));

    assertThat(Json.read(held.body(), BalanceHeld.class)).isEqualTo(new BalanceHeld(500, 0, 500));
    assertUses(code, 0, 1);
    var entries = http.get("/wallets/" + walletId + "/entries").ok().json().get("entries");
    assertThat(entries).hasSize(2);
    http.checkLedger();
  }

  @Test
  void refusalsSayWhyAndCostNothing() {
    var walletId = http.walletWith(1_000);
    String expired =
        "OLD-" + UuidV7.next().toString().substring(0, 8).toUpperCase(java.util.Locale.ROOT);
    http.issueVoucher(expired, 300, 1, 0, "2020-01-01T00:00:00Z").ok();
    String large = "MIN-" + UuidV7.next().toString().toUpperCase(java.util.Locale.ROOT);
    http.issueVoucher(large, 300, 1, 600, FUTURE).ok();
    String used = http.voucher(300, 1);
    hold(CommandDriver.newSaga(), order(http.walletWith(1_000), 500, used));
    String otherCurrency = "USD-" + UuidV7.next().toString().toUpperCase(java.util.Locale.ROOT);
    http.post(
            "/vouchers",
            """
            {"code":"%s","amountMinor":1,"currency":"USD","uses":1,"minimumMinor":0,"expiresAt":"%s"}
            """
                .formatted(otherCurrency, FUTURE))
        .ok();

    assertRefused(walletId, "NO-SUCH-VOUCHER", "VOUCHER_UNKNOWN");
    assertRefused(walletId, expired, "VOUCHER_EXPIRED");
    assertRefused(walletId, large, "VOUCHER_BELOW_MINIMUM");
    assertRefused(walletId, used, "VOUCHER_USED_UP");
    assertRefused(walletId, otherCurrency, "VOUCHER_CURRENCY_MISMATCH");
    assertThat(http.wallet(walletId).availableMinor()).isEqualTo(1_000);
  }

  private void assertRefused(UUID walletId, String voucher, String code) {
    var answer = hold(CommandDriver.newSaga(), order(walletId, 500, voucher));
    assertThat(answer.isRefused()).as(code).isTrue();
    assertThat(answer.reason().code()).isEqualTo(code);
  }

  @Test
  void orderThatTheWalletCannotPayKeepsItsVoucher() {
    var walletId = http.walletWith(100);
    String code = http.voucher(300, 1);

    var answer = hold(CommandDriver.newSaga(), order(walletId, 500, code));

    assertThat(answer.reason().code()).isEqualTo("INSUFFICIENT_BALANCE");
    assertUses(code, 0, 0);
  }

  @Test
  void issuedAgainItIsTheSameAndAnotherOfTheCodeIsRefused() {
    String code = http.voucher(300, 1);

    assertThat(http.issueVoucher(code, 300, 1, 0, FUTURE).status()).isEqualTo(200);
    var other = http.issueVoucher(code, 301, 1, 0, FUTURE);

    assertThat(other.status()).isEqualTo(422);
    assertThat(other.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
  }

  @Test
  void wrongVouchersAreProblems() {
    assertThat(http.issueVoucher("lower case", 1, 1, 0, FUTURE).code()).isEqualTo("INVALID_FIELD");
    assertThat(http.issueVoucher("ABC-1", 1, 0, 0, FUTURE).code()).isEqualTo("INVALID_FIELD");
    assertThat(http.issueVoucher("ABC-1", 1, 1, 0, "tomorrow").code()).isEqualTo("INVALID_FIELD");
    assertThat(http.issueVoucher("ABC-1", 1, 1, 0, "+99999-01-01T00:00:00Z").code())
        .isEqualTo("INVALID_FIELD");
    assertThat(http.get("/vouchers/%00").status()).isBetween(400, 404);
    assertThat(http.get("/vouchers/NONE-1").code()).isEqualTo("VOUCHER_UNKNOWN");
  }

  @Test
  void batchWithoutVoucherTakesNoStatementForThem() {
    var walletId = http.walletWith(5_000);
    String code = http.voucher(1, 100);
    var without = List.of(driver.tryIt(CommandDriver.newSaga(), order(walletId, 1, null)));
    var with =
        IntStream.range(0, 20)
            .mapToObj(_ -> driver.tryIt(CommandDriver.newSaga(), order(walletId, 5, code)))
            .toList();

    var forNone = statements.executedBy(() -> driver.deliver(without));
    var forMany = statements.executedBy(() -> driver.deliver(with));

    assertThat(forMany).hasSize(forNone.size() + 3);
  }

  @Test
  void oneSingleUseVoucherOverHundredOrdersIsUsedByOne() {
    String code = http.voucher(300, 1);
    var wallets = IntStream.range(0, 100).mapToObj(_ -> http.walletWith(500)).toList();

    var used =
        Race.of(
            100,
            i ->
                () -> {
                  var saga = CommandDriver.newSaga();
                  var tried = driver.tryIt(saga, order(wallets.get(i), 500, code));
                  driver.deliver(tried);
                  var answer = driver.answerTo(tried);
                  if (answer.isDone()) {
                    driver.deliver(driver.confirm(saga));
                    return "used";
                  }
                  return answer.reason().code();
                });

    assertThat(used.stream().filter("used"::equals)).hasSize(1);
    assertThat(used.stream().filter("VOUCHER_USED_UP"::equals)).hasSize(99);
    assertUses(code, 0, 1);
    for (int i = 0; i < 100; i++) {
      assertThat(http.wallet(wallets.get(i)).availableMinor())
          .isEqualTo(used.get(i).equals("used") ? 300 : 500);
    }
    http.checkLedger();
  }

  @Test
  void voucherOfTenUsesOverHundredOrdersThatAreConfirmedOrCancelled() {
    String code = http.voucher(300, 10);

    var outcomes =
        Race.of(
            100,
            i ->
                () -> {
                  var saga = CommandDriver.newSaga();
                  var tried = driver.tryIt(saga, order(UuidV7.next(), 200, code));
                  driver.deliver(tried);
                  if (!driver.answerTo(tried).isDone()) {
                    return "refused";
                  }
                  driver.deliver(i % 2 == 0 ? driver.confirm(saga) : driver.cancel(saga));
                  return i % 2 == 0 ? "used" : "given back";
                });

    long redeemed = outcomes.stream().filter("used"::equals).count();
    assertThat(redeemed).isLessThanOrEqualTo(10);
    assertUses(code, 0, Math.toIntExact(redeemed));
    http.checkLedger();
  }
}
