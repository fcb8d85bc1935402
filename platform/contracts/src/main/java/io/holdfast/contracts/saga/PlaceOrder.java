package io.holdfast.contracts.saga;

import io.holdfast.contracts.wallet.HoldBalance;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Input of the saga {@code place-order}.
 *
 * @param walletId who pays
 * @param lines goods that are bought; none where only metered services are
 * @param totalMinor what it costs in all, in minor units of the currency
 * @param currency ISO 4217 code
 * @param paymentMethod the provider's token of the card that pays what the wallet does not; null:
 *     the wallet pays all
 * @param voucherCode a voucher that pays its part before the wallet's money, or null
 * @param metered services that are bought, whose free quota pays before anything else; a part of
 *     {@code totalMinor}
 * @param needsApproval whether a reviewer has to approve before anything is set aside
 */
public record PlaceOrder(
    UUID walletId,
    List<Line> lines,
    long totalMinor,
    String currency,
    @Nullable String paymentMethod,
    @Nullable String voucherCode,
    List<HoldBalance.Metered> metered,
    boolean needsApproval) {

  /** The name of the definition that takes this input. */
  public static final String DEFINITION = "place-order";

  /**
   * The step that waits for a reviewer. Signalled on {@link SagaContract#REQUESTS_TOPIC} by {@link
   * SagaContract#DONE_TYPE} or {@link SagaContract#REFUSED_TYPE} for this step's try.
   */
  public static final String APPROVAL = "approval";

  // Orders of before vouchers, quota and approval carry none of the three; they may still be on
  // their way.
  public PlaceOrder(
      UUID walletId,
      List<Line> lines,
      long totalMinor,
      String currency,
      @Nullable String paymentMethod,
      @Nullable String voucherCode,
      @Nullable List<HoldBalance.Metered> metered,
      boolean needsApproval) {
    this.walletId = walletId;
    this.lines = List.copyOf(lines);
    this.totalMinor = totalMinor;
    this.currency = currency;
    this.paymentMethod = paymentMethod;
    this.voucherCode = voucherCode;
    this.metered = metered == null ? List.of() : List.copyOf(metered);
    this.needsApproval = needsApproval;
  }

  /** Without voucher, metered services and approval. */
  public PlaceOrder(
      UUID walletId,
      List<Line> lines,
      long totalMinor,
      String currency,
      @Nullable String paymentMethod) {
    this(walletId, lines, totalMinor, currency, paymentMethod, null, List.of(), false);
  }

  /**
   * @param sku which good
   * @param quantity how many pieces, at least 1
   */
  public record Line(String sku, long quantity) {}

  /**
   * The saga's result: who paid what. Told where the input alone does not say it, which is where a
   * card, a voucher or metered services are part of it; otherwise the wallet has paid all.
   *
   * @param walletMinor the wallet's money; neither voucher nor free quota
   * @param cardMinor what was captured on the card
   */
  public record Paid(long walletMinor, long cardMinor) {}
}
