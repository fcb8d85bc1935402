package io.holdfast.inventory;

import org.jspecify.annotations.Nullable;

/**
 * Where the pieces of one good are, and what is allowed with them. {@code available + held + sold
 * == received + adjusted}, always.
 *
 * @param sku which good
 * @param active whether it can be reserved
 * @param available pieces that can be set aside; below zero if more are promised than are there
 * @param held pieces set aside by sagas that have not ended
 * @param sold pieces taken
 * @param received pieces that ever came in
 * @param adjusted pieces that were found more than counted; negative if fewer
 * @param backOrderLimit how far {@code available} may go below zero
 * @param lowStockAt at how many available pieces the good is low; null if nobody wants to know
 */
record Stock(
    String sku,
    boolean active,
    long available,
    long held,
    long sold,
    long received,
    long adjusted,
    long backOrderLimit,
    @Nullable Long lowStockAt) {

  Stock plus(StockEntry entry) {
    return new Stock(
        sku,
        active,
        available + entry.availableDelta(),
        held + entry.heldDelta(),
        sold + entry.soldDelta(),
        received,
        adjusted + entry.adjustedDelta(),
        backOrderLimit,
        lowStockAt);
  }

  Stock adjustedBy(long delta) {
    return new Stock(
        sku,
        active,
        available + delta,
        held,
        sold,
        received,
        adjusted + delta,
        backOrderLimit,
        lowStockAt);
  }

  Stock with(Terms terms) {
    return new Stock(
        sku,
        terms.active(),
        available,
        held,
        sold,
        received,
        adjusted,
        terms.backOrderLimit(),
        terms.lowStockAt());
  }

  /**
   * What is allowed with a good.
   *
   * @param active whether it can be reserved
   * @param backOrderLimit how far {@code available} may go below zero
   * @param lowStockAt at how many available pieces it is low; null for never
   */
  record Terms(boolean active, long backOrderLimit, @Nullable Long lowStockAt) {}

  Terms terms() {
    return new Terms(active, backOrderLimit, lowStockAt);
  }

  /** How many pieces a reservation can have. */
  long reservable() {
    return available + backOrderLimit;
  }

  /** Pieces on the shelves that are not sold; below zero if sold ones are still to come. */
  long onHand() {
    return available + held;
  }

  boolean isLow() {
    return lowStockAt != null && available <= lowStockAt;
  }

  /** Whether this is low and {@code before} was not: told once, until it has been above again. */
  boolean becameLowSince(Stock before) {
    return isLow() && !before.isLow();
  }
}
