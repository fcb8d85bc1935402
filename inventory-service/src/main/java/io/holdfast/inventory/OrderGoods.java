package io.holdfast.inventory;

import java.util.UUID;

/**
 * What became of one good of one order.
 *
 * @param sold pieces that the order took
 * @param picked pieces that have left the shelves for it
 * @param returned pieces that came back into stock
 */
record OrderGoods(UUID orderId, String sku, long sold, long picked, long returned) {

  /** Pieces that cannot be picked any more: what came back is not this order's any longer. */
  long away() {
    return Math.max(picked, returned);
  }

  OrderGoods pick(long quantity) {
    return new OrderGoods(orderId, sku, sold, picked + quantity, returned);
  }

  OrderGoods takeBack(long quantity) {
    return new OrderGoods(orderId, sku, sold, picked, returned + quantity);
  }

  /** Its key. */
  record Key(UUID orderId, String sku) implements Comparable<Key> {

    @Override
    public int compareTo(Key other) {
      int order = orderId.compareTo(other.orderId);
      return order == 0 ? sku.compareTo(other.sku) : order;
    }
  }

  Key key() {
    return new Key(orderId, sku);
  }
}
