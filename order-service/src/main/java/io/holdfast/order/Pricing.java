package io.holdfast.order;

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
   */
  record Refused(String code, String detail, String field) implements Pricing {}

  /** Prices what is in a cart. */
  static Pricing ofCart(List<Placement.Line> lines, Map<String, Product> products) {
    if (lines.isEmpty()) {
      return new Refused("CART_EMPTY", "there is nothing in the cart", "fromCart");
    }
    var pricing = of(lines, products);
    return pricing instanceof Refused why
        ? new Refused(why.code(), why.detail(), "fromCart")
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
        return new Refused(
            "UNKNOWN_SKU", "there is no product " + line.sku(), "lines[%d].sku".formatted(i));
      }
      if (currency == null) {
        currency = product.currency();
      } else if (!currency.equals(product.currency())) {
        return new Refused(
            "MIXED_CURRENCIES",
            "%s is sold in %s, the lines before it in %s: place one order for each currency"
                .formatted(line.sku(), product.currency(), currency),
            "lines[%d].sku".formatted(i));
      }
      try {
        total = Math.addExact(total, Math.multiplyExact(line.quantity(), product.unitPriceMinor()));
      } catch (ArithmeticException _) {
        return new Refused(
            "TOTAL_TOO_LARGE",
            "the order's total is larger than any amount",
            "lines[%d].quantity".formatted(i));
      }
      priced.add(
          new OrderLine(line.sku(), line.quantity(), product.unitPriceMinor(), product.service()));
    }
    if (currency == null) {
      return new Refused("NO_LINES", "an order has at least one line", "lines");
    }
    return new Priced(priced, total, currency);
  }
}
