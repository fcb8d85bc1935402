package io.holdfast.order;

import io.holdfast.contracts.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What an order costs, or why it cannot have a price. */
sealed interface Pricing {

  /**
   * @param totalMinor in minor units of the currency
   */
  record Priced(List<OrderLine> lines, long totalMinor, String currency) implements Pricing {
    public Priced {
      lines = List.copyOf(lines);
    }
  }

  /**
   * @param field the part of the request that is at fault
   * @param values that the sentence of the code speaks of
   */
  record Refused(Code code, String field, List<Object> values) implements Pricing {
    public Refused {
      values = List.copyOf(values);
    }

    private static Refused of(Code code, String field, Object... values) {
      return new Refused(code, field, List.of(values));
    }
  }

  /**
   * Prices what is in a cart. Items that were put into it at the same time may be too many
   * together.
   */
  static Pricing ofCart(List<Placement.Line> lines, Map<String, Product> products) {
    if (lines.isEmpty()) {
      return Refused.of(Code.CART_EMPTY, "fromCart");
    }
    if (lines.size() > Placement.MAX_LINES) {
      return Refused.of(Code.CART_FULL, "fromCart", Placement.MAX_LINES);
    }
    var pricing = of(lines, products);
    return pricing instanceof Refused why
        ? new Refused(why.code(), "fromCart", why.values())
        : pricing;
  }

  /** Prices lines with what {@code products} cost now. */
  static Pricing of(List<Placement.Line> lines, Map<String, Product> products) {
    var priced = new ArrayList<OrderLine>(lines.size());
    String currency = null;
    long total = 0;
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i);
      var product = products.get(line.sku());
      if (product == null) {
        return Refused.of(Code.UNKNOWN_SKU, "lines[%d].sku".formatted(i), line.sku());
      }
      if (currency == null) {
        currency = product.currency();
      } else if (!currency.equals(product.currency())) {
        return Refused.of(
            Code.MIXED_CURRENCIES,
            "lines[%d].sku".formatted(i),
            line.sku(),
            product.currency(),
            currency);
      }
      try {
        total = Math.addExact(total, Math.multiplyExact(line.quantity(), product.unitPriceMinor()));
      } catch (ArithmeticException _) {
        return Refused.of(Code.TOTAL_TOO_LARGE, "lines[%d].quantity".formatted(i), line.sku());
      }
      priced.add(
          new OrderLine(line.sku(), line.quantity(), product.unitPriceMinor(), product.service()));
    }
    if (currency == null) {
      return Refused.of(Code.NO_LINES, "lines");
    }
    return new Priced(priced, total, currency);
  }
}
