package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class StockTest {

  private static Stock stock(long available, @Nullable Long lowStockAt) {
    return new Stock("SKU", true, available, 0, 0, available, 0, 2, lowStockAt);
  }

  @Test
  @Tag("R-I1")
  void backOrderLimitIsReservableOnTopOfWhatIsThere() {
    assertThat(stock(4, null).reservable()).isEqualTo(6);
    assertThat(stock(-2, null).reservable()).isZero();
  }

  @Test
  @Tag("R-I4")
  void isLowAtTheThresholdAndBelow() {
    assertThat(stock(6, 5L).isLow()).isFalse();
    assertThat(stock(5, 5L).isLow()).isTrue();
    assertThat(stock(0, null).isLow()).isFalse();
  }

  @Test
  @Tag("R-I4")
  void becomesLowOnlyFromAbove() {
    assertThat(stock(5, 5L).becameLowSince(stock(6, 5L))).isTrue();
    assertThat(stock(4, 5L).becameLowSince(stock(5, 5L))).isFalse();
    assertThat(stock(6, 5L).becameLowSince(stock(4, 5L))).isFalse();
  }

  @Test
  @Tag("R-I4")
  void everyMovementKeepsTheSum() {
    var stock = new Stock("SKU", true, 10, 3, 2, 14, 1, 0, null);
    for (var operation : StockEntry.Operation.values()) {
      var after = stock.plus(StockEntry.of(new UUID(0, 0), operation, "SKU", 2));

      assertThat(after.available() + after.held() + after.sold())
          .as("%s", operation)
          .isEqualTo(after.received() + after.adjusted());
    }
  }
}
