package io.holdfast.order;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.saga.PlaceOrder.Paid;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a refund pays back, or why it can't be.
 *
 * <p>The rule: goods count with the price they were bought at. All refunds of an order together pay
 * back, rounded down, that part of what wallet and card paid which their goods are of the order's
 * total; each pays what is missing to that, so the one that takes the last piece pays the rest to
 * the last minor unit. What a voucher or free quota paid comes back to nobody. The card gets its
 * money first, as far as it paid, then the wallet.
 */
sealed interface Refunding {

  /**
   * One line of the order.
   *
   * @param unitPriceMinor in minor units of the order's currency
   * @param service whether it is a service, of which nothing comes back into stock
   * @param refunded pieces that are paid back
   */
  record Bought(
      int line, String sku, long quantity, long unitPriceMinor, boolean service, long refunded) {}

  /**
   * Pieces that are to be paid back.
   *
   * @param line position of the order's line, from 0
   */
  record Line(int line, long quantity) {}

  /** In minor units of the order's currency. */
  record Pays(List<Line> lines, long walletMinor, long cardMinor) implements Refunding {
    public Pays {
      lines = List.copyOf(lines);
    }
  }

  /**
   * @param field the part of the request that is at fault; null: there is nothing to be paid back
   * @param values that the sentence of the code speaks of
   */
  record Refused(Code code, @Nullable String field, List<Object> values) implements Refunding {
    public Refused {
      values = List.copyOf(values);
    }

    private static Refused of(Code code, @Nullable String field, Object... values) {
      return new Refused(code, field, List.of(values));
    }
  }

  /**
   * @param bought all lines of the order
   * @param paid what wallet and card paid for them
   * @param paidBack what they have got back
   * @param asked null: all that is left
   */
  static Refunding of(List<Bought> bought, Paid paid, Paid paidBack, @Nullable List<Line> asked) {
    var byLine = new HashMap<Integer, Bought>();
    bought.forEach(line -> byLine.put(line.line(), line));
    var lines = asked == null ? left(bought) : asked;
    var refused = refusal(byLine, lines);
    if (refused != null) {
      return refused;
    }
    var total = BigInteger.ZERO;
    var goods = BigInteger.ZERO;
    for (var line : bought) {
      total = total.add(price(line, line.quantity()));
      goods = goods.add(price(line, line.refunded()));
    }
    for (var line : lines) {
      goods = goods.add(price(byLine.get(line.line()), line.quantity()));
    }
    long due =
        BigInteger.valueOf(Math.addExact(paid.walletMinor(), paid.cardMinor()))
                .multiply(goods)
                .divide(total)
                .longValueExact()
            - Math.addExact(paidBack.walletMinor(), paidBack.cardMinor());
    long card = Math.min(due, paid.cardMinor() - paidBack.cardMinor());
    return new Pays(lines, due - card, card);
  }

  private static List<Line> left(List<Bought> bought) {
    return bought.stream()
        .filter(line -> line.refunded() < line.quantity())
        .map(line -> new Line(line.line(), line.quantity() - line.refunded()))
        .toList();
  }

  private static @Nullable Refused refusal(Map<Integer, Bought> bought, List<Line> lines) {
    if (lines.isEmpty()) {
      return Refused.of(Code.NOTHING_TO_REFUND, null);
    }
    var seen = new HashSet<Integer>();
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i);
      var of = bought.get(line.line());
      if (of == null || !seen.add(line.line())) {
        return Refused.of(Code.UNKNOWN_LINE, "lines[%d].line".formatted(i), line.line());
      }
      long left = of.quantity() - of.refunded();
      if (line.quantity() > left) {
        return Refused.of(
            Code.MORE_THAN_BOUGHT,
            "lines[%d].quantity".formatted(i),
            left,
            line.line(),
            line.quantity());
      }
    }
    return null;
  }

  private static BigInteger price(@Nullable Bought line, long quantity) {
    return line == null
        ? BigInteger.ZERO
        : BigInteger.valueOf(line.unitPriceMinor()).multiply(BigInteger.valueOf(quantity));
  }
}
