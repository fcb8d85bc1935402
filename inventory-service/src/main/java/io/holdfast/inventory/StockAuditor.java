package io.holdfast.inventory;

import io.holdfast.contracts.Code;
import io.holdfast.inventory.StockCheckStore.Compared;
import io.holdfast.web.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Rebuilds stock from its entries and open reservations, and compares. By itself it goes through
 * all goods, a few at a time, and takes no more of the database than it is allowed.
 */
class StockAuditor {

  private static final Logger log = LoggerFactory.getLogger(StockAuditor.class);

  private final StockCheckStore store;
  private final StockMetrics metrics;
  private final InventoryProperties.Check properties;
  private String reached = "";

  StockAuditor(StockCheckStore store, StockMetrics metrics, InventoryProperties.Check properties) {
    this.store = store;
    this.metrics = metrics;
    this.properties = properties;
  }

  /**
   * What does not add up.
   *
   * @param field of the stock that differs
   * @param stored what the stock says
   * @param rebuilt what its entries say; for {@code reserved}, its open reservations
   */
  record Difference(String sku, String field, long stored, long rebuilt) {}

  /**
   * Result of a check.
   *
   * @param goods how many were compared
   * @param entries how many entries they have
   * @param differences none if all is well
   * @param next what to ask for as {@code after} to go on; null if these were the last goods
   */
  record Report(long goods, long entries, List<Difference> differences, @Nullable String next) {}

  /** Compares goods behind {@code after} in the order of their SKUs. */
  Report check(String after, int limit) {
    try {
      return check(after, limit, properties.longest());
    } catch (QueryTimeoutException e) {
      throw Problem.ofField(Code.CHECK_TOO_LONG, "limit", properties.longest().toSeconds() + " s");
    }
  }

  private Report check(String after, int limit, Duration timeLimit) {
    var compared = store.compare(after, limit, timeLimit);
    var differences = new ArrayList<Difference>();
    for (var good : compared) {
      var found = differences(good);
      if (!found.isEmpty()) {
        metrics.checkFailed();
        log.error("stock does not add up, stop selling it and look at its entries: {}", found);
        differences.addAll(found);
      }
    }
    return new Report(
        compared.size(),
        compared.stream().mapToLong(Compared::entries).sum(),
        differences,
        compared.size() < limit ? null : compared.getLast().sku());
  }

  private static List<Difference> differences(Compared good) {
    var stored = good.stored();
    var rebuilt = good.rebuilt();
    var all =
        List.of(
            new Difference(good.sku(), "available", stored.available(), rebuilt.available()),
            new Difference(good.sku(), "held", stored.held(), rebuilt.held()),
            new Difference(good.sku(), "sold", stored.sold(), rebuilt.sold()),
            new Difference(good.sku(), "received", stored.received(), rebuilt.received()),
            new Difference(good.sku(), "adjusted", stored.adjusted(), rebuilt.adjusted()),
            new Difference(good.sku(), "reserved", stored.held(), good.reserved()));
    return all.stream().filter(one -> one.stored() != one.rebuilt()).toList();
  }

  /** Goes on where it was; goods that would take too long are left to whoever asks for them. */
  @Scheduled(
      initialDelayString = "${holdfast.inventory.check.every:1m}",
      fixedDelayString = "${holdfast.inventory.check.every:1m}")
  void checkSome() {
    try {
      var report = check(reached, properties.goods(), properties.timeLimit());
      reached = report.next() == null ? "" : report.next();
    } catch (QueryTimeoutException e) {
      checkOne();
    }
  }

  private void checkOne() {
    String sku = store.next(reached);
    try {
      check(reached, 1, properties.timeLimit());
    } catch (QueryTimeoutException e) {
      metrics.checkSkipped();
      log.warn(
          "{} has more entries than can be read in {}: POST /stock/checks checks it, or raise holdfast.inventory.check.time-limit",
          sku,
          properties.timeLimit());
    }
    reached = sku;
  }
}
