package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.wallet.HoldBalance;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bodies as other versions write them. */
class JsonTest {

  private static final UUID WALLET = UUID.fromString("0192d3a4-5b6c-7d8e-9f00-112233445566");

  @Test
  @Tag("R-W5")
  void holdBalanceOfBeforeVouchersAndQuotaHasNeither() {
    var hold =
        Json.read(
            """
            {"walletId":"0192d3a4-5b6c-7d8e-9f00-112233445566","amountMinor":500,"currency":"EUR",\
            "partial":true}""",
            HoldBalance.class);

    assertThat(hold).isEqualTo(new HoldBalance(WALLET, 500, "EUR", true));
    assertThat(hold.metered()).isEmpty();
    assertThat(hold.voucherCode()).isNull();
  }

  @Test
  @Tag("R-S1")
  void placeOrderOfBeforeVouchersQuotaAndApprovalHasNone() {
    var order =
        Json.read(
            """
            {"walletId":"0192d3a4-5b6c-7d8e-9f00-112233445566",\
            "lines":[{"sku":"SKU-7","quantity":2}],"totalMinor":500,"currency":"EUR",\
            "paymentMethod":null}""",
            PlaceOrder.class);

    assertThat(order)
        .isEqualTo(
            new PlaceOrder(WALLET, List.of(new PlaceOrder.Line("SKU-7", 2)), 500, "EUR", null));
    assertThat(order.metered()).isEmpty();
    assertThat(order.needsApproval()).isFalse();
  }

  @Test
  void flagsThatAreGivenAreRead() {
    var order =
        new PlaceOrder(
            WALLET,
            List.of(),
            500,
            "EUR",
            "pm_1",
            "SPRING",
            List.of(new HoldBalance.Metered("sms", 1, 7)),
            true);

    assertThat(Json.read(Json.bytes(order), PlaceOrder.class)).isEqualTo(order);
    assertThatThrownBy(
            () ->
                Json.read(
                    Json.text(order).replace("\"needsApproval\":true", "\"needsApproval\":\"x\""),
                    PlaceOrder.class))
        .isInstanceOf(InvalidMessage.class);
  }

  @Test
  void missingNumberIsAnErrorAndNeverNothing() {
    assertThatThrownBy(
            () ->
                Json.read(
                    """
                    {"walletId":"0192d3a4-5b6c-7d8e-9f00-112233445566","currency":"EUR",\
                    "partial":true}""",
                    HoldBalance.class))
        .isInstanceOf(InvalidMessage.class)
        .hasMessageContaining("amountMinor");
  }

  @Test
  void fieldsOfANewerVersionAreIgnored() {
    assertThat(
            Json.read(
                """
                {"walletId":"0192d3a4-5b6c-7d8e-9f00-112233445566","amountMinor":1,\
                "currency":"EUR","partial":false,"voucherCode":null,"metered":[],"tip":5}""",
                HoldBalance.class))
        .isEqualTo(new HoldBalance(WALLET, 1, "EUR", false));
  }
}
