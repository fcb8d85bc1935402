package io.holdfast.inventory;

import io.holdfast.web.Problem;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.springframework.http.HttpStatus;
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

  private static final String SKU = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  private static final String SKU_RULE = "has 1 to 64 letters, digits, dots, dashes or underscores";

  private final StockStore store;

  StockController(StockStore store) {
    this.store = store;
  }

  /**
   * A report of received goods.
   *
   * @param quantity pieces
   * @param reference of the delivery; reported again, it counts once
   */
  record Receipt(
      @Min(1) @Max(1_000_000_000) long quantity, @NotBlank @Size(max = 100) String reference) {}

  @PostMapping("/{sku}/receipts")
  Stock receive(
      @PathVariable @Pattern(regexp = SKU, message = SKU_RULE) String sku,
      @RequestBody @Valid Receipt receipt) {
    return switch (store.receive(sku, receipt.reference(), receipt.quantity())) {
      case COUNTED -> get(sku);
      case OTHER_QUANTITY ->
          throw Problem.of(
              HttpStatus.CONFLICT,
              "REFERENCE_REUSED",
              "this reference was reported with another quantity: take a new reference");
    };
  }

  @GetMapping("/{sku}")
  Stock get(@PathVariable String sku) {
    return store
        .find(sku)
        .orElseThrow(() -> Problem.of(HttpStatus.NOT_FOUND, "UNKNOWN_SKU", "there is no such SKU"));
  }

  @GetMapping
  List<Stock> list(
      @RequestParam(defaultValue = "") @Size(max = 64) String after,
      @RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit) {
    return store.list(after, limit);
  }
}
