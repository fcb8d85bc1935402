package io.holdfast.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.holdfast.benchmarks.scenario.Books.Good;
import io.holdfast.benchmarks.scenario.Books.Movement;
import io.holdfast.benchmarks.scenario.Books.Order;
import io.holdfast.benchmarks.scenario.Books.Payment;
import io.holdfast.benchmarks.scenario.Books.Saga;
import io.holdfast.benchmarks.scenario.Books.TopUp;
import io.holdfast.benchmarks.scenario.Books.Voucher;
import io.holdfast.benchmarks.scenario.Books.Wallet;
import io.holdfast.benchmarks.scenario.Books.Withdrawal;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each invariant sees what it is for, in books that are spoiled on purpose. */
@Tag("R-M7")
class InvariantTest {

  private static final List<Invariant> ALL =
      Stream.concat(
              Verdict.ALWAYS.stream(),
              Stream.of(new VoucherRace(), new FlashSale())
                  .flatMap(scenario -> scenario.invariants().stream()))
          .toList();

  @Test
  void aGoodDayBreaksNothing() {
    var books = new GoodDay().books();

    assertThat(broken(books)).isEmpty();
  }

  @Test
  void everyInvariantLooksAtSomethingOnAGoodDay() {
    var books = new GoodDay().books();

    assertThat(Verdict.ALWAYS)
        .allSatisfy(
            invariant ->
                assertThat(invariant.check(books).looked()).as(invariant.holds()).isPositive());
  }

  @ParameterizedTest
  @MethodSource("spoiled")
  void whatIsWrongIsSeenAndNamed(String holds, Consumer<GoodDay> spoil, String named) {
    var day = new GoodDay();
    spoil.accept(day);

    var rows = check(holds, day.books()).broken();

    assertThat(rows).isNotEmpty().anySatisfy(row -> assertThat(row).contains(named));
  }

  @Test
  void everyInvariantHasBooksThatBreakIt() {
    var tried = spoiled().map(arguments -> (String) arguments.get()[0]).collect(Collectors.toSet());

    assertThat(ALL)
        .allSatisfy(
            invariant ->
                assertThat(tried)
                    .anySatisfy(holds -> assertThat(invariant.holds()).contains(holds)));
  }

  private static Stream<Arguments> spoiled() {
    return Stream.of(
        spoil(
            "each wallet: available + held",
            "money is lost",
            day -> day.wallets.set(0, wallet(9_200, 0, 1_000)),
            "12300 came in, 12200 is there"),
        spoil(
            "each wallet: available + held",
            "a balance is below zero",
            day -> day.wallets.set(0, wallet(-100, 9_400, 1_000)),
            "availableMinor=-100"),
        spoil(
            "each wallet's totals",
            "an entry is missing",
            day -> day.entries.remove(3),
            "its statement says"),
        spoil(
            "nothing is in a statement twice",
            "an entry is there twice",
            day -> day.entries.add(GoodDay.entry(GoodDay.CREDIT, "CREDIT", 10_000)),
            "twice"),
        spoil(
            "each wallet got what was paid in",
            "a credit did not arrive",
            day -> day.paidIn.put(GoodDay.WALLET, 10_001L),
            "12001 was paid in"),
        spoil(
            "each wallet got what was paid in",
            "a top-up that failed was credited",
            day -> day.topUps.set(0, new TopUp(GoodDay.TOP_UP, GoodDay.WALLET, 2_000, "FAILED")),
            "10000 was paid in"),
        spoil(
            "each withdrawal is paid out once",
            "a withdrawal is paid twice",
            day -> day.payouts.add(new Movement("po_2", GoodDay.PAID_OUT, "paid", 2_000)),
            "po_2"),
        spoil(
            "each withdrawal is paid out once",
            "a rejected withdrawal is paid",
            day -> day.payouts.add(new Movement("po_2", GoodDay.REJECTED, "pending", 700)),
            "REJECTED"),
        spoil(
            "each withdrawal is paid out once",
            "another amount is paid",
            day -> day.payouts.set(0, new Movement("po_1", GoodDay.PAID_OUT, "paid", 2_001)),
            "2001"),
        spoil(
            "withdrawn = its withdrawals",
            "a paid withdrawal is not withdrawn",
            day -> day.withdrawals.add(new Withdrawal(GoodDay.REFUND, GoodDay.WALLET, 1, "PAID")),
            "withdrawals of 2001 are paid"),
        spoil(
            "what reviewers were told",
            "two reviewers were told different things",
            day -> day.decisions.put(GoodDay.PAID_OUT, Set.of("approved", "rejected")),
            "PAID"),
        spoil(
            "what reviewers were told",
            "what was told to be rejected is paid",
            day -> day.decisions.put(GoodDay.PAID_OUT, Set.of("rejected")),
            "reviewers were told [rejected]"),
        spoil(
            "each voucher is used as often as",
            "a use has no order",
            day -> day.vouchers.set(0, new Voucher(GoodDay.VOUCHER, 5, 0, 2)),
            "1 confirmed orders"),
        spoil(
            "each voucher is used as often as",
            "it is used more than it may be",
            day -> day.vouchers.set(0, new Voucher(GoodDay.VOUCHER, 0, 0, 1)),
            "uses=0"),
        spoil(
            "each voucher is used by exactly",
            "a use is left though two wanted it",
            day -> day.vouchers.set(0, new Voucher(GoodDay.VOUCHER, 2, 0, 1)),
            "2 orders wanted it"),
        spoil(
            "whoever came too late",
            "an order is refused for something else",
            day -> day.orders.set(1, refused("INSUFFICIENT_BALANCE")),
            "INSUFFICIENT_BALANCE"),
        spoil(
            "each top-up that succeeded",
            "the card paid twice",
            day -> day.intents.add(new Movement("pi_3", GoodDay.TOP_UP, "succeeded", 2_000)),
            "pi_3"),
        spoil(
            "each top-up that succeeded",
            "the card paid for one that failed",
            day -> day.topUps.set(0, new TopUp(GoodDay.TOP_UP, GoodDay.WALLET, 2_000, "FAILED")),
            "FAILED"),
        spoil(
            "each good: available + held",
            "pieces are lost",
            day -> day.goods.set(0, new Good(GoodDay.SKU, 6, 0, 2, 10, -1)),
            "9 came in, 8 are there"),
        spoil(
            "each good: available + held",
            "it is oversold",
            day -> day.goods.set(0, new Good(GoodDay.SKU, -1, 0, 10, 10, -1)),
            "available=-1"),
        spoil(
            "each good has what was delivered",
            "more is sold than orders took",
            day -> day.goods.set(0, new Good(GoodDay.SKU, 6, 0, 3, 10, -1)),
            "orders took 2"),
        spoil(
            "each good has what was delivered",
            "a delivery counts twice",
            day -> day.goods.set(0, new Good(GoodDay.SKU, 17, 0, 2, 20, -1)),
            "10 delivered"),
        spoil(
            "nobody was refused as long as",
            "one is refused though there is enough",
            day -> day.orders.set(1, refused("INSUFFICIENT_STOCK")),
            "an order for 1 was refused"),
        spoil(
            "each confirmed order is paid in full",
            "the voucher does not pay",
            day -> day.entries.remove(5),
            "wallet 1000 + voucher 0 + card 1500 is not 3000"),
        spoil(
            "each confirmed order is paid in full",
            "a refused order pays",
            day -> day.entries.add(GoodDay.entry(GoodDay.REFUSED, "CONFIRM", 1_000)),
            "wallet 1000 + voucher 0 + card 0 is not 0"),
        spoil(
            "each confirmed order is paid in full",
            "units of a service cost more than they do",
            day -> {
              day.baskets.put(GoodDay.BOUGHT, Basket.ofUnits(GoodDay.WALLET, "SRV-1", 3));
              day.entries.add(GoodDay.entry(GoodDay.BOUGHT, "CONFIRM", 1));
            },
            "wallet 1001 + voucher 500 + card 1500 is not 3000"),
        spoil(
            "each order that did not come about",
            "nobody says why",
            day ->
                day.orders.set(
                    1,
                    new Order(
                        GoodDay.REFUSED, GoodDay.WALLET, "REJECTED", null, 1_000, "NONE", "NONE")),
            "no reason"),
        spoil(
            "each order ends as",
            "its saga ends otherwise",
            day -> day.sagas.set(1, GoodDay.saga(GoodDay.REFUSED, "place-order", "CONFIRMED")),
            "its saga is CONFIRMED"),
        spoil(
            "each order ends as",
            "it has no saga",
            day -> day.sagas.remove(0),
            "its saga is unknown"),
        spoil(
            "each order ends as",
            "it is paid though it is refused",
            day -> day.payments.add(new Payment(GoodDay.REFUSED, "CAPTURED", 1_000, 0)),
            "CAPTURED"),
        spoil(
            "each payment is taken once",
            "the card is charged twice",
            day -> day.intents.add(new Movement("pi_3", GoodDay.BOUGHT, "succeeded", 1_500)),
            "pi_3"),
        spoil(
            "each payment is taken once",
            "money stays authorised",
            day -> day.intents.add(new Movement("pi_3", GoodDay.BOUGHT, "requires_capture", 1_500)),
            "requires_capture"),
        spoil(
            "each refund is paid back once",
            "the card gets it twice",
            day -> day.cardRefunds.add(new Movement("re_2", GoodDay.REFUND, "succeeded", 700)),
            "re_2"),
        spoil(
            "each refund is paid back once",
            "the wallet gets nothing",
            day -> day.entries.remove(10),
            "wallet got 0"),
        spoil(
            "each refund is paid back once",
            "more is paid back than was taken",
            day -> day.payments.set(0, new Payment(GoodDay.BOUGHT, "REFUNDED", 600, 700)),
            "the card got 700 back"),
        spoil(
            "nothing is open",
            "money is held",
            day -> day.wallets.set(0, wallet(9_200, 100, 1_000)),
            "heldMinor=100"),
        spoil(
            "nothing is open",
            "a saga waits",
            day ->
                day.sagas.add(
                    new Saga(
                        GoodDay.CREDIT,
                        "fulfil-order",
                        "COMPLETING",
                        null,
                        "2026-01-01T00:00:00Z")),
            "fulfil-order"),
        spoil(
            "nothing is open",
            "goods are not sent",
            day ->
                day.orders.set(
                    0,
                    new Order(
                        GoodDay.BOUGHT,
                        GoodDay.WALLET,
                        "CONFIRMED",
                        null,
                        3_000,
                        "PARTIAL",
                        "FULFILLING")),
            "FULFILLING"),
        spoil(
            "nothing is open",
            "a withdrawal is not decided",
            day ->
                day.withdrawals.set(
                    1, new Withdrawal(GoodDay.REJECTED, GoodDay.WALLET, 700, "REQUESTED")),
            "REQUESTED"),
        spoil(
            "no saga needs an operator",
            "one does",
            day ->
                day.sagas.add(new Saga(GoodDay.CREDIT, "withdraw", "CONFIRMED", "conflict", null)),
            "conflict"),
        spoil(
            "whenever somebody looked",
            "it did not add up",
            day -> day.unbalanced.add("1 came in, 0 is there"),
            "1 came in"),
        spoil(
            "every answer was one",
            "a request failed",
            day -> day.unexpected.add("order: 500"),
            "order: 500"),
        spoil(
            "no forged notification",
            "one is taken",
            day -> day.forgedAccepted.add("evt_forged"),
            "evt_forged"),
        spoil(
            "the services' own checks",
            "the ledger differs",
            day -> day.services.put("ledger", List.of("wallet 1")),
            "ledger: wallet 1"));
  }

  private static Arguments spoil(
      String holds, String what, Consumer<GoodDay> how, String namedInRow) {
    return arguments(holds, named(what, how), namedInRow);
  }

  private static Wallet wallet(long available, long held, long spent) {
    return new Wallet(GoodDay.WALLET, available, held, spent, 2_000, 12_000, 300);
  }

  private static Order refused(String code) {
    return new Order(GoodDay.REFUSED, GoodDay.WALLET, "REJECTED", code, 1_000, "NONE", "NONE");
  }

  private static Invariant.Finding check(String holds, Books books) {
    var meant = ALL.stream().filter(invariant -> invariant.holds().contains(holds)).toList();
    assertThat(meant).as(holds).hasSize(1);
    return meant.getFirst().check(books);
  }

  private static List<String> broken(Books books) {
    return ALL.stream()
        .flatMap(
            invariant ->
                invariant.check(books).broken().stream().map(row -> invariant.holds() + ": " + row))
        .toList();
  }
}
