package io.holdfast.inventory;

/**
 * Where the pieces of one good are. {@code available + held + sold == received}, always.
 *
 * @param sku which good
 * @param available pieces that can be set aside
 * @param held pieces set aside by sagas that have not ended
 * @param sold pieces taken
 * @param received pieces that ever came in
 */
record Stock(String sku, long available, long held, long sold, long received) {

  Stock plus(StockEntry entry) {
    return new Stock(
        sku,
        available + entry.availableDelta(),
        held + entry.heldDelta(),
        sold + entry.soldDelta(),
        received);
  }
}
