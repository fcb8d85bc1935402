package io.holdfast.inventory;

import io.holdfast.contracts.Code;
import io.holdfast.web.Problem;
import io.holdfast.web.Rule;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** HTTP API of stock. */
@RestController
@RequestMapping("/stock")
class StockController {

  private static final String SOMEBODY = "api";
  private static final long MOST_PIECES = 1_000_000_000;

  private final StockStore store;
  private final StockDesk desk;
  private final StockAuditor auditor;

  StockController(StockStore store, StockDesk desk, StockAuditor auditor) {
    this.store = store;
    this.desk = desk;
    this.auditor = auditor;
  }

  /**
   * A good's stock.
   *
   * @param onHand pieces that are not sold: {@code available + held}
   * @param available pieces that can be set aside; below zero if more are promised than are there
   * @param held pieces set aside for orders that have not ended
   * @param sold pieces taken by orders
   * @param received pieces that ever came in
   * @param adjusted pieces that were found more than counted; negative if fewer
   */
  record StockBody(
      String sku, long onHand, long available, long held, long sold, long received, long adjusted) {

    static StockBody of(Stock stock) {
      return new StockBody(
          stock.sku(),
          stock.onHand(),
          stock.available(),
          stock.held(),
          stock.sold(),
          stock.received(),
          stock.adjusted());
    }
  }

  /**
   * A report of received goods.
   *
   * @param quantity pieces
   * @param reference of the delivery; reported again, it counts once
   * @param by who reports it
   */
  record ReceiptRequest(
      @Min(1) @Max(MOST_PIECES) long quantity,
      @NotBlank @Size(max = 100) @Pattern(regexp = Texts.READABLE, message = Rule.PLAIN_TEXT)
          String reference,
      @Size(min = 1, max = 100) @Pattern(regexp = Texts.READABLE, message = Rule.PLAIN_TEXT)
          @Nullable String by) {}

  @PostMapping("/{sku}/receipts")
  StockBody receive(
      @PathVariable @Pattern(regexp = Texts.SKU, message = Rule.SKU) String sku,
      @RequestBody @Valid ReceiptRequest request) {
    var receipt = new StockDesk.Receipt(request.quantity(), request.reference(), by(request.by()));
    return answer(sku, desk.receive(sku, receipt));
  }

  /**
   * A correction of what was counted.
   *
   * @param quantityDelta pieces more, or fewer if negative; not 0
   * @param reason for the record
   * @param reference of whoever makes it; made again, it counts once
   * @param by who makes it
   */
  record AdjustmentRequest(
      @Min(-MOST_PIECES) @Max(MOST_PIECES) long quantityDelta,
      @NotBlank @Size(max = 500) @Pattern(regexp = Texts.READABLE, message = Rule.PLAIN_TEXT)
          String reason,
      @NotBlank @Size(max = 100) @Pattern(regexp = Texts.READABLE, message = Rule.PLAIN_TEXT)
          String reference,
      @Size(min = 1, max = 100) @Pattern(regexp = Texts.READABLE, message = Rule.PLAIN_TEXT)
          @Nullable String by) {}

  @PostMapping("/{sku}/adjustments")
  StockBody adjust(
      @PathVariable @Pattern(regexp = Texts.SKU, message = Rule.SKU) String sku,
      @RequestBody @Valid AdjustmentRequest request) {
    if (request.quantityDelta() == 0) {
      throw Problem.invalid("quantityDelta", Rule.NOT_ZERO);
    }
    var adjustment =
        new StockDesk.Adjustment(
            request.quantityDelta(), request.reason(), request.reference(), by(request.by()));
    return answer(sku, desk.adjust(sku, adjustment));
  }

  private static String by(@Nullable String somebody) {
    return somebody == null ? SOMEBODY : somebody;
  }

  private StockBody answer(String sku, StockDesk.Outcome outcome) {
    return switch (outcome) {
      case DONE -> get(sku);
      case OTHER_BODY ->
          throw Problem.ofField(Code.IDEMPOTENCY_KEY_REUSED, "reference", "reference");
      case UNKNOWN_SKU -> throw unknown(sku);
      case BELOW_PROMISED -> throw Problem.ofField(Code.STOCK_PROMISED, "quantityDelta", sku);
    };
  }

  private static Problem unknown(String sku) {
    return Problem.of(Code.UNKNOWN_SKU, sku);
  }

  @GetMapping("/{sku}")
  StockBody get(@PathVariable @Pattern(regexp = Texts.SKU, message = Rule.SKU) String sku) {
    return StockBody.of(store.find(sku).orElseThrow(() -> unknown(sku)));
  }

  @GetMapping
  List<StockBody> list(
      @RequestParam(defaultValue = "") @Pattern(regexp = Texts.AFTER, message = Rule.SKU)
          String after,
      @RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit) {
    return store.list(after, limit).stream().map(StockBody::of).toList();
  }

  /**
   * A page of a good's statement.
   *
   * @param entries the newest cause first
   * @param next what to ask for as {@code after} to go on; null after the last page
   */
  record Statement(List<StockStore.Movement> entries, @Nullable String next) {}

  @GetMapping("/{sku}/entries")
  Statement entries(
      @PathVariable @Pattern(regexp = Texts.SKU, message = Rule.SKU) String sku,
      @RequestParam(defaultValue = "") String after,
      @RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit) {
    get(sku);
    var cursor = after.isEmpty() ? EntryCursor.NEWEST : EntryCursor.of(after);
    var page = store.entries(sku, cursor, limit);
    if (page.size() < limit) {
      return new Statement(page, null);
    }
    var last = page.getLast();
    return new Statement(page, new EntryCursor(last.causeId(), last.operation()).toString());
  }

  /** Adds up the entries of goods and compares: behind {@code after}, in the order of SKUs. */
  @PostMapping("/checks")
  StockAuditor.Report check(
      @RequestParam(defaultValue = "") @Pattern(regexp = Texts.AFTER, message = Rule.SKU)
          String after,
      @RequestParam(defaultValue = "1000") @Min(1) @Max(10_000) int limit) {
    return auditor.check(after, limit);
  }
}
