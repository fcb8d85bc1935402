package io.holdfast.inventory;

import io.holdfast.messaging.UuidV7;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.annotation.Transactional;

/**
 * What people do with stock: report deliveries, correct counts, say what is for sale. Each is one
 * transaction that locks the good's row first, as commands do.
 */
class StockDesk {

  private final StockStore store;
  private final LowStockNotice notice;
  private final StockMetrics metrics;

  StockDesk(StockStore store, LowStockNotice notice, StockMetrics metrics) {
    this.store = store;
    this.notice = notice;
    this.metrics = metrics;
  }

  /**
   * Goods that came in.
   *
   * @param reference of the delivery; reported again, it counts once
   * @param by who reports it
   */
  record Receipt(long quantity, String reference, String by) {}

  /**
   * A correction of what was counted.
   *
   * @param quantityDelta pieces that are there and were not counted; negative for the opposite
   * @param reference of whoever makes it; made again, it counts once
   * @param by who makes it
   */
  record Adjustment(long quantityDelta, String reason, String reference, String by) {}

  /** What became of it. */
  enum Outcome {
    /** Done, now or when it was asked for before. */
    DONE,
    /** The same reference was used for something else. */
    OTHER_BODY,
    /** There is no such good. */
    UNKNOWN_SKU,
    /** More would be promised than the change leaves. */
    BELOW_PROMISED
  }

  /** Adds received pieces of a good, once for each reference; the first ones make it known. */
  @Transactional
  Outcome receive(String sku, Receipt receipt) {
    var id = UuidV7.next();
    if (!store.insertReceipt(sku, id, receipt)) {
      return store.receipt(sku, receipt.reference()).equals(receipt)
          ? Outcome.DONE
          : Outcome.OTHER_BODY;
    }
    store.receive(sku, id, receipt.quantity());
    return Outcome.DONE;
  }

  /**
   * Corrects a good's count, once for each reference. Pieces that are set aside or owed are not
   * there to be taken off.
   */
  @Transactional
  Outcome adjust(String sku, Adjustment adjustment) {
    var outcome = adjustLocked(sku, adjustment);
    metrics.adjusted(outcome.name());
    return outcome;
  }

  private Outcome adjustLocked(String sku, Adjustment adjustment) {
    var stock = lock(sku);
    if (stock == null) {
      return Outcome.UNKNOWN_SKU;
    }
    var known = store.adjustment(sku, adjustment.reference());
    if (known.isPresent()) {
      return known.get().equals(adjustment) ? Outcome.DONE : Outcome.OTHER_BODY;
    }
    var adjusted = stock.adjustedBy(adjustment.quantityDelta());
    if (adjustment.quantityDelta() < 0 && adjusted.available() < 0) {
      return Outcome.BELOW_PROMISED;
    }
    var id = UuidV7.next();
    store.adjust(sku, id, adjustment);
    if (adjusted.becameLowSince(stock)) {
      notice.give(id, adjusted);
    }
    return Outcome.DONE;
  }

  /**
   * Says what is allowed with a good, and makes it known if it is not. What is reserved already
   * stays so.
   */
  @Transactional
  Outcome setTerms(String sku, Stock.Terms terms) {
    boolean isNew = store.makeKnown(sku);
    var stock = lock(sku);
    if (stock == null) {
      throw new IllegalStateException("a good that was just made known is not there: " + sku);
    }
    if (stock.available() < -terms.backOrderLimit()) {
      return Outcome.BELOW_PROMISED;
    }
    store.setTerms(sku, terms);
    var changed = stock.with(terms);
    if (!isNew && changed.becameLowSince(stock)) {
      notice.give(UuidV7.next(), changed);
    }
    return Outcome.DONE;
  }

  private @Nullable Stock lock(String sku) {
    return store.lock(List.of(sku)).get(sku);
  }
}
