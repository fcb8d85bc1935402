package io.holdfast.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.wallet.HoldBalance.Metered;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.PersistenceCreator;

/**
 * One line of an order, with the price as it was at placement.
 *
 * @param unitPriceMinor price of one piece or unit, in minor units of the order's currency
 * @param service the metered service of which it buys units; null for goods
 */
record OrderLine(
    String sku,
    long quantity,
    long unitPriceMinor,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String service) {

  @PersistenceCreator
  OrderLine {}

  OrderLine(String sku, long quantity, long unitPriceMinor) {
    this(sku, quantity, unitPriceMinor, null);
  }

  /** What the inventory is asked for. */
  static List<PlaceOrder.Line> goods(List<OrderLine> lines) {
    return lines.stream()
        .filter(line -> line.service == null)
        .map(line -> new PlaceOrder.Line(line.sku, line.quantity))
        .toList();
  }

  /** What may have a free quota. */
  static List<Metered> metered(List<OrderLine> lines) {
    return lines.stream()
        .flatMap(
            line ->
                line.service == null
                    ? Stream.empty()
                    : Stream.of(new Metered(line.service, line.quantity, line.unitPriceMinor)))
        .toList();
  }
}
