package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.saga.PlaceOrder.Paid;
import io.holdfast.order.Refunding.Bought;
import io.holdfast.order.Refunding.Line;
import io.holdfast.order.Refunding.Pays;
import io.holdfast.order.Refunding.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-P5")
class RefundingTest {

  private static final Paid NOTHING = new Paid(0, 0);

  @Test
  void theCardGetsItsMoneyBackFirstThenTheWallet() {
    var bought = List.of(new Bought(0, "PEN", 4, 250, false, 0));

    assertThat(refund(bought, new Paid(400, 600), NOTHING, List.of(new Line(0, 3))))
        .isEqualTo(new Pays(List.of(new Line(0, 3)), 150, 600));
  }

  @Test
  void whatIsLeftIsPaidBackWhereNothingIsNamed() {
    var bought =
        List.of(new Bought(0, "PEN", 4, 250, false, 3), new Bought(1, "INK", 1, 900, false, 0));

    assertThat(refund(bought, new Paid(1300, 600), new Paid(150, 600), null))
        .isEqualTo(new Pays(List.of(new Line(0, 1), new Line(1, 1)), 1150, 0));
  }

  @Test
  void whatAVoucherPaidComesBackToNobody() {
    var bought = List.of(new Bought(0, "PEN", 2, 500, false, 0));

    assertThat(refund(bought, new Paid(700, 0), NOTHING, List.of(new Line(0, 1))))
        .isEqualTo(new Pays(List.of(new Line(0, 1)), 350, 0));
    assertThat(refund(bought, NOTHING, NOTHING, null))
        .isEqualTo(new Pays(List.of(new Line(0, 2)), 0, 0));
  }

  @Test
  void refusesMoreThanWasBoughtAndLinesThatAreNotThere() {
    var bought = List.of(new Bought(0, "PEN", 4, 250, false, 3));

    assertThat(refused(bought, new Line(0, 2)).code()).isEqualTo(Code.MORE_THAN_BOUGHT);
    assertThat(refused(bought, new Line(0, 2)).field()).isEqualTo("lines[0].quantity");
    assertThat(refused(bought, new Line(7, 1)).code()).isEqualTo(Code.UNKNOWN_LINE);
    assertThat(refused(bought, new Line(0, 1), new Line(0, 1)).field()).isEqualTo("lines[1].line");
    assertThat(refused(List.of(new Bought(0, "PEN", 4, 250, false, 4))).code())
        .isEqualTo(Code.NOTHING_TO_REFUND);
  }

  /** Whatever was bought, paid and asked for: the last piece pays the rest, and none too much. */
  @Test
  void allRefundsTogetherPayBackWhatWasPaidToTheLastMinorUnit() {
    var random = new Random(20260404);
    for (int run = 0; run < 2_000; run++) {
      var bought = new ArrayList<Bought>();
      long total = 0;
      for (int line = 0; line <= random.nextInt(4); line++) {
        var one =
            new Bought(line, "S" + line, 1 + random.nextInt(5), 1 + random.nextInt(999), false, 0);
        bought.add(one);
        total += one.quantity() * one.unitPriceMinor();
      }
      long card = random.nextLong(total + 1);
      long wallet = random.nextLong(total - card + 1);
      var paid = new Paid(wallet, card);
      var paidBack = NOTHING;
      while (bought.stream().anyMatch(line -> line.refunded() < line.quantity())) {
        int at = random.nextInt(bought.size());
        var line = bought.get(at);
        if (line.refunded() == line.quantity()) {
          continue;
        }
        long pieces = 1 + random.nextLong(line.quantity() - line.refunded());
        var pays = (Pays) refund(bought, paid, paidBack, List.of(new Line(at, pieces)));
        assertThat(pays.walletMinor()).isNotNegative();
        assertThat(pays.cardMinor()).isNotNegative();
        paidBack =
            new Paid(
                paidBack.walletMinor() + pays.walletMinor(),
                paidBack.cardMinor() + pays.cardMinor());
        assertThat(paidBack.walletMinor()).isLessThanOrEqualTo(wallet);
        assertThat(paidBack.cardMinor()).isLessThanOrEqualTo(card);
        bought.set(
            at,
            new Bought(
                at,
                line.sku(),
                line.quantity(),
                line.unitPriceMinor(),
                false,
                line.refunded() + pieces));
      }
      assertThat(paidBack).isEqualTo(paid);
    }
  }

  @Test
  void amountsBeyondALongAreNoProblemOnTheWay() {
    long price = 1_000_000_000_000L;
    var bought = List.of(new Bought(0, "YACHT", 1_000_000, price, false, 0));
    long total = 1_000_000 * price;

    assertThat(refund(bought, new Paid(total, 0), NOTHING, null))
        .isEqualTo(new Pays(List.of(new Line(0, 1_000_000)), total, 0));
  }

  private static Refused refused(List<Bought> bought, Line... lines) {
    return (Refused)
        refund(bought, new Paid(1000, 0), NOTHING, lines.length == 0 ? null : List.of(lines));
  }

  private static Refunding refund(
      List<Bought> bought, Paid paid, Paid paidBack, @Nullable List<Line> lines) {
    return Refunding.of(bought, paid, paidBack, lines);
  }
}
