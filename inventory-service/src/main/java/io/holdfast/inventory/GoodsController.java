package io.holdfast.inventory;

import io.holdfast.contracts.Code;
import io.holdfast.web.Problem;
import io.holdfast.web.Rule;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** HTTP API of goods: what is for sale, and on what terms. */
@RestController
@RequestMapping("/goods/{sku}")
class GoodsController {

  private static final long MOST_PIECES = 1_000_000_000;

  private final StockStore store;
  private final StockDesk desk;

  GoodsController(StockStore store, StockDesk desk) {
    this.store = store;
    this.desk = desk;
  }

  /**
   * A good's terms, as a whole.
   *
   * @param active whether it can be reserved; reservations that were made before stay
   * @param backOrderLimit how many pieces may be promised that are not there; none if left out
   * @param lowStockAt at how many available pieces an event is sent; never if left out
   */
  record TermsRequest(
      boolean active,
      @Min(0) @Max(MOST_PIECES) @Nullable Long backOrderLimit,
      @Min(0) @Max(MOST_PIECES) @Nullable Long lowStockAt) {}

  /**
   * A good.
   *
   * @param active whether it can be reserved
   * @param backOrderLimit how many pieces may be promised that are not there
   * @param lowStockAt at how many available pieces it is low; null for never
   * @param low whether it is low now
   */
  record GoodsBody(
      String sku, boolean active, long backOrderLimit, @Nullable Long lowStockAt, boolean low) {}

  @PutMapping
  GoodsBody put(
      @PathVariable @Pattern(regexp = Texts.SKU, message = Rule.SKU) String sku,
      @RequestBody @Valid TermsRequest request) {
    long backOrderLimit = request.backOrderLimit() == null ? 0 : request.backOrderLimit();
    var terms = new Stock.Terms(request.active(), backOrderLimit, request.lowStockAt());
    return switch (desk.setTerms(sku, terms)) {
      case BELOW_PROMISED -> throw Problem.ofField(Code.STOCK_PROMISED, "backOrderLimit", sku);
      case DONE, OTHER_BODY, UNKNOWN_SKU -> get(sku);
    };
  }

  @GetMapping
  GoodsBody get(@PathVariable @Pattern(regexp = Texts.SKU, message = Rule.SKU) String sku) {
    return store
        .find(sku)
        .map(
            stock ->
                new GoodsBody(
                    stock.sku(),
                    stock.active(),
                    stock.backOrderLimit(),
                    stock.lowStockAt(),
                    stock.isLow()))
        .orElseThrow(() -> Problem.of(Code.UNKNOWN_SKU, sku));
  }
}
