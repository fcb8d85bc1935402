package io.holdfast.quickstart;

import java.util.List;
import java.util.UUID;

/**
 * Sample goods and customers, put in through the services' own APIs. Repeating it changes nothing.
 */
final class Catalogue {

  static final String CURRENCY = "EUR";

  /** A good and how many pieces the first delivery has. */
  record Good(String sku, long unitPriceMinor, long quantity) {}

  /** A customer, whose wallet has the same id. */
  record Customer(String name, UUID id, long balanceMinor) {}

  static final List<Good> GOODS =
      List.of(
          new Good("TEA-GREEN", 4_50, 10_000),
          new Good("TEA-BLACK", 3_90, 10_000),
          new Good("MUG-BLUE", 12_00, 5_000),
          new Good("KETTLE-1L", 39_00, 1_000),
          new Good("TRAY-OAK", 24_00, 3));

  static final List<Customer> CUSTOMERS =
      List.of(
          new Customer("Ada", UUID.fromString("01900000-0000-7000-8000-00000000ada0"), 1_000_00),
          new Customer("Bo", UUID.fromString("01900000-0000-7000-8000-0000000000b0"), 20_00),
          new Customer("Cy", UUID.fromString("01900000-0000-7000-8000-0000000000c0"), 0));

  private Catalogue() {}

  static void seed(Platform platform) {
    var http = new HttpJson();
    for (var good : GOODS) {
      http.put(
          platform.url(Service.ORDER_SERVICE) + "/products/" + good.sku(),
          new Price(good.unitPriceMinor(), CURRENCY));
      http.post(
          platform.url(Service.INVENTORY_SERVICE) + "/stock/" + good.sku() + "/receipts",
          new Receipt(good.quantity(), "first-delivery-" + good.sku()));
    }
    for (var customer : CUSTOMERS) {
      if (customer.balanceMinor() > 0) {
        http.post(
            platform.url(Service.WALLET_SERVICE) + "/wallets/" + customer.id() + "/credits",
            new Credit(customer.balanceMinor(), CURRENCY, "welcome-" + customer.name()));
      }
    }
  }

  private record Price(long unitPriceMinor, String currency) {}

  private record Receipt(long quantity, String reference) {}

  private record Credit(long amountMinor, String currency, String reference) {}
}
