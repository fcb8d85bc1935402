package io.holdfast.inventory;

import io.holdfast.contracts.Code;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What happened to stock, as numbers. */
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
      insufficient.increment();
    }
    registry.counter("stock.refused", "code", code).increment();
  }

  void becameLow() {
    low.increment();
  }

  void adjusted(String outcome) {
    registry.counter("stock.adjustments", "outcome", outcome).increment();
  }

  void checkFailed() {
    checkFailures.increment();
  }

  void checkSkipped() {
    checksSkipped.increment();
  }
}
