package io.holdfast.order;

import io.holdfast.web.Rule;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Products over HTTP. */
@RestController
class ProductController {

  private final ProductStore products;

  ProductController(ProductStore products) {
    this.products = products;
  }

  /** Sets what a product costs from now on. */
  @PutMapping("/products/{sku}")
  ResponseEntity<Product> save(
      @PathVariable @Pattern(regexp = ProductRequest.SKU, message = Rule.PRODUCT_SKU) String sku,
      @Valid @RequestBody ProductRequest request) {
    var product =
        new Product(
            sku, request.unitPriceMinor(), request.currency().getCurrencyCode(), request.service());
    boolean created = products.save(product);
    return ResponseEntity.status(created ? HttpStatus.CREATED : HttpStatus.OK).body(product);
  }

  /**
   * @param next pass it as {@code after} to get what follows; null at the end
   */
  record Page(List<Product> products, @Nullable String next) {}

  @GetMapping("/products")
  Page list(
      @RequestParam(defaultValue = "")
          @Pattern(regexp = "|" + ProductRequest.SKU, message = Rule.PRODUCT_SKU)
          String after,
      @RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit) {
    var found = products.list(after, limit);
    return new Page(found, found.size() < limit ? null : found.getLast().sku());
  }
}
