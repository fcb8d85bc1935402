package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.Code;
import io.holdfast.order.Placement.Line;
import io.holdfast.order.Pricing.Priced;
import io.holdfast.order.Pricing.Refused;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PricingTest {

  private static final Map<String, Product> PRODUCTS =
      Map.of(
          "PEN", new Product("PEN", 250, "EUR"),
          "BOOK", new Product("BOOK", 1_999, "EUR"),
          "TEA", new Product("TEA", 700, "GBP"),
          "YACHT", new Product("YACHT", Long.MAX_VALUE / 2, "EUR"));

  @Test
  void addsUpLinesAtTodaysPrices() {
    var pricing = Pricing.of(List.of(new Line("PEN", 4), new Line("BOOK", 1)), PRODUCTS);

    assertThat(pricing)
        .isEqualTo(
            new Priced(
                List.of(new OrderLine("PEN", 4, 250), new OrderLine("BOOK", 1, 1_999)),
                2_999,
                "EUR"));
  }

  @Test
  void namesTheLineWhoseProductIsUnknown() {
    var pricing = Pricing.of(List.of(new Line("PEN", 1), new Line("GHOST", 1)), PRODUCTS);

    assertThat(pricing).isEqualTo(new Refused(Code.UNKNOWN_SKU, "lines[1].sku", List.of("GHOST")));
  }

  @Test
  void refusesTwoCurrenciesInOneOrder() {
    var pricing = Pricing.of(List.of(new Line("PEN", 1), new Line("TEA", 1)), PRODUCTS);

    assertThat(pricing)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(Code.MIXED_CURRENCIES);
              assertThat(refused.field()).isEqualTo("lines[1].sku");
            });
  }

  @Test
  @Tag("R-X4")
  void refusesALineThatIsDearerThanANumber() {
    var pricing = Pricing.of(List.of(new Line("YACHT", 3)), PRODUCTS);

    assertThat(pricing)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.field()).isEqualTo("lines[0].quantity"));
  }

  @Test
  @Tag("R-X4")
  void refusesATotalThatIsLargerThanANumber() {
    var pricing =
        Pricing.of(
            List.of(new Line("YACHT", 1), new Line("YACHT", 1), new Line("YACHT", 1)), PRODUCTS);

    assertThat(pricing)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.code()).isEqualTo(Code.TOTAL_TOO_LARGE));
  }
}
