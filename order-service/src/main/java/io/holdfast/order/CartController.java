package io.holdfast.order;

import io.holdfast.contracts.Code;
import io.holdfast.web.Problem;
import io.holdfast.web.Rule;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Carts over HTTP. They are ordered by {@code POST /orders} with {@code fromCart}. */
@RestController
class CartController {

  private final CartStore carts;

  CartController(CartStore carts) {
    this.carts = carts;
  }

  record ItemRequest(@NotNull @Min(1) @Max(1_000_000) Long quantity) {}

  /**
   * A cart as it stands.
   *
   * @param items with what they cost now; an order has the prices of its placement
   */
  record Cart(UUID customerId, List<CartStore.Item> items) {}

  /** Sets how many pieces are in the cart: 201 if there were none. */
  @PutMapping("/carts/{customerId}/items/{sku}")
  ResponseEntity<Cart> put(
      @PathVariable UUID customerId,
      @PathVariable @Pattern(regexp = ProductRequest.SKU, message = Rule.PRODUCT_SKU) String sku,
      @Valid @RequestBody ItemRequest request) {
    var status =
        switch (carts.put(customerId, sku, request.quantity(), Placement.MAX_LINES)) {
          case ADDED -> HttpStatus.CREATED;
          case CHANGED -> HttpStatus.OK;
          case UNKNOWN_SKU -> throw Problem.ofField(Code.UNKNOWN_SKU, "sku", sku);
          case FULL -> throw Problem.ofField(Code.CART_FULL, "sku", Placement.MAX_LINES);
        };
    return ResponseEntity.status(status).body(get(customerId));
  }

  @DeleteMapping("/carts/{customerId}/items/{sku}")
  Cart remove(
      @PathVariable UUID customerId,
      @PathVariable @Pattern(regexp = ProductRequest.SKU, message = Rule.PRODUCT_SKU) String sku) {
    carts.remove(customerId, sku);
    return get(customerId);
  }

  @GetMapping("/carts/{customerId}")
  Cart get(@PathVariable UUID customerId) {
    return new Cart(customerId, carts.load(customerId));
  }
}
