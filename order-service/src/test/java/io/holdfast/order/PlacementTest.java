package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.messaging.TraceParent;
import io.holdfast.messaging.UuidV7;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("F68")
class PlacementTest {

  private static final UUID CUSTOMER = UUID.randomUUID();

  @Test
  void aRepetitionHasTheSameHashWhateverItsIdKeyAndTrace() {
    assertThat(placement(CUSTOMER, "card", "PEN", 1).requestHash())
        .isEqualTo(placement(CUSTOMER, "card", "PEN", 1).requestHash())
        .hasSize(32);
  }

  @Test
  void everythingThatACustomerAsksForChangesTheHash() {
    var hash = placement(CUSTOMER, "card", "PEN", 1).requestHash();

    assertThat(placement(UUID.randomUUID(), "card", "PEN", 1).requestHash()).isNotEqualTo(hash);
    assertThat(placement(CUSTOMER, null, "PEN", 1).requestHash()).isNotEqualTo(hash);
    assertThat(placement(CUSTOMER, "card", "PENS", 1).requestHash()).isNotEqualTo(hash);
    assertThat(placement(CUSTOMER, "card", "PEN", 11).requestHash()).isNotEqualTo(hash);
  }

  @Test
  void aCartAndAVoucherChangeTheHashAndPlainRequestsKeepTheOneTheyHad() {
    var cart = Placements.ofCart(CUSTOMER, "key");
    var voucher =
        new Placement(
            UuidV7.next(),
            CUSTOMER,
            "key",
            List.of(new Placement.Line("PEN", 1)),
            false,
            "card",
            "SPRING",
            TraceParent.random());

    assertThat(cart.requestHash()).isEqualTo(Placements.ofCart(CUSTOMER, "other").requestHash());
    assertThat(cart.requestHash()).isNotEqualTo(placement(CUSTOMER, null, "PEN", 1).requestHash());
    assertThat(voucher.requestHash())
        .isNotEqualTo(placement(CUSTOMER, "card", "PEN", 1).requestHash());
    assertThat(
            HexFormat.of()
                .formatHex(
                    placement(
                            UUID.fromString("00000000-0000-4000-8000-000000000001"),
                            "card",
                            "PEN",
                            1)
                        .requestHash()))
        .isEqualTo("aa8e1c9c75c8c5554ae544a9284337ce97f4b0d1f7de72715e41fc5d78932b34");
  }

  @Test
  void textCannotMoveFromOneFieldToTheNext() {
    assertThat(placement(CUSTOMER, "cardA", "1", 1).requestHash())
        .isNotEqualTo(placement(CUSTOMER, "card", "A1", 1).requestHash());
  }

  private static Placement placement(
      UUID customerId, @Nullable String card, String sku, long quantity) {
    return new Placement(
        UuidV7.next(),
        customerId,
        UUID.randomUUID().toString(),
        List.of(new Placement.Line(sku, quantity)),
        false,
        card,
        null,
        TraceParent.random());
  }
}
