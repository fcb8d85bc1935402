package io.holdfast.inventory;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The locked goods of the orders that one batch touches, and what the batch has done so far. */
final class SoldGoods {

  private final OrderGoodsStore store;
  private final SortedMap<OrderGoods.Key, OrderGoods> goods;
  private final SortedMap<OrderGoods.Key, OrderGoods> changed = new TreeMap<>();

  SoldGoods(OrderGoodsStore store, SortedMap<OrderGoods.Key, OrderGoods> locked) {
    this.store = store;
    this.goods = new TreeMap<>(locked);
  }

  /**
   * Counts pieces of an order as picked, all of them or none.
   *
   * @return why not; null if it is done
   */
  @Nullable Reason pick(UUID orderId, StockHold hold) {
    return count(orderId, hold, OrderGoods::away, OrderGoods::pick, Code.ALREADY_PICKED, "picked");
  }

  /** Counts pieces as no longer picked. */
  void unpick(UUID orderId, SortedMap<String, Long> quantities) {
    quantities.forEach((sku, quantity) -> put(get(orderId, sku).pick(-quantity)));
  }

  /**
   * Counts pieces of an order as returned, all of them or none.
   *
   * @return why not; null if it is done
   */
  @Nullable Reason takeBack(UUID orderId, StockHold hold) {
    return count(
        orderId,
        hold,
        OrderGoods::returned,
        OrderGoods::takeBack,
        Code.ALREADY_RETURNED,
        "returned");
  }

  private @Nullable Reason count(
      UUID orderId,
      StockHold hold,
      ToLongFunction<OrderGoods> spent,
      BiFunction<OrderGoods, Long, OrderGoods> counting,
      Code code,
      String what) {
    for (var line : hold.quantities().entrySet()) {
      var sold = goods.get(new OrderGoods.Key(orderId, line.getKey()));
      if (sold == null) {
        return Reason.of(Code.NOT_SOLD, "not sold to this order: " + line.getKey());
      }
      if (sold.sold() - spent.applyAsLong(sold) < line.getValue()) {
        return Reason.of(
            code, "more would be %s than were sold: %s".formatted(what, line.getKey()));
      }
    }
    hold.quantities().forEach((sku, quantity) -> put(counting.apply(get(orderId, sku), quantity)));
    return null;
  }

  private OrderGoods get(UUID orderId, String sku) {
    var sold = goods.get(new OrderGoods.Key(orderId, sku));
    if (sold == null) {
      throw new IllegalStateException(
          "order %s has no %s, though it was picked".formatted(orderId, sku));
    }
    return sold;
  }

  private void put(OrderGoods one) {
    goods.put(one.key(), one);
    changed.put(one.key(), one);
  }

  void save() {
    store.save(List.copyOf(changed.values()));
  }
}
