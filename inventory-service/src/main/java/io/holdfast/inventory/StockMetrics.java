package io.holdfast.inventory;

import io.holdfast.contracts.Code;
import io.holdfast.messaging.AfterCommit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What happened to stock, as numbers, once the transaction has committed in which it did. */
final class StockMetrics {

  private final MeterRegistry registry;
  private final Counter insufficient;
  private final Counter low;
  private final Counter checkFailures;
  private final Counter checksSkipped;

  StockMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.insufficient =
        Counter.builder("stock.insufficient")
            .description("reservations refused because too few pieces were left")
            .register(registry);
    this.low = Counter.builder("stock.low").description("goods that became low").register(registry);
    this.checkFailures =
        Counter.builder("stock.conservation.check.failures")
            .description("goods whose stock is not what their entries and holds say")
            .register(registry);
    this.checksSkipped =
        Counter.builder("stock.conservation.checks.skipped")
            .description("goods with more entries than the check that runs by itself may read")
            .register(registry);
  }

  void refused(String code) {
    if (code.equals(Code.INSUFFICIENT_STOCK.name())) {
      count(insufficient);
    }
    count(registry.counter("stock.refused", "code", code));
  }

  void becameLow() {
    count(low);
  }

  void adjusted(String outcome) {
    count(registry.counter("stock.adjustments", "outcome", outcome));
  }

  void checkFailed() {
    count(checkFailures);
  }

  void checkSkipped() {
    count(checksSkipped);
  }

  private static void count(Counter counter) {
    AfterCommit.run(counter::increment);
  }
}
