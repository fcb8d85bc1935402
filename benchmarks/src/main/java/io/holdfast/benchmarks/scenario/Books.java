package io.holdfast.benchmarks.scenario;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the services say of a run's own wallets, goods and orders, and what its actors were told.
 * All amounts are in minor units of one currency.
 *
 * @param services what services find wrong when they check themselves
 */
record Books(
    Money money, Trade trade, Provider provider, Told told, Map<String, List<String>> services) {

  /** What the wallet service and the payment service say of customers' money. */
  record Money(
      List<Wallet> wallets,
      List<Entry> entries,
      List<Withdrawal> withdrawals,
      List<Voucher> vouchers,
      List<TopUp> topUps) {}

  record Wallet(
      UUID walletId,
      long availableMinor,
      long heldMinor,
      long spentMinor,
      long withdrawnMinor,
      long creditedMinor,
      long refundedMinor) {}

  /** One line of a wallet's statement. */
  record Entry(UUID walletId, UUID causeId, String operation, long amountMinor) {}

  record Withdrawal(UUID withdrawalId, UUID walletId, long amountMinor, String state) {}

  record Voucher(String code, int uses, int reserved, int redeemed) {}

  record TopUp(UUID topUpId, UUID walletId, long amountMinor, String state) {}

  /** What order, inventory and payment service and the orchestrator say of orders. */
  record Trade(
      List<Good> goods,
      List<Order> orders,
      List<Refund> refunds,
      List<Payment> payments,
      List<Saga> sagas) {}

  record Good(String sku, long available, long held, long sold, long received, long adjusted) {}

  record Order(
      UUID orderId,
      UUID customerId,
      String state,
      @Nullable String reasonCode,
      long totalMinor,
      String refundState,
      String fulfilment) {

    boolean isConfirmed() {
      return state.equals("CONFIRMED");
    }
  }

  record Refund(
      UUID refundId,
      UUID orderId,
      String state,
      long walletMinor,
      long cardMinor,
      List<RefundLine> lines,
      boolean returned) {

    boolean isDone() {
      return state.equals("DONE");
    }
  }

  /**
   * @param line position of the order's line, from 0
   */
  record RefundLine(int line, long quantity) {}

  record Payment(UUID sagaId, String state, long amountMinor, long refundedMinor) {

    /** Whether the money was taken, whatever was given back later. */
    boolean isCaptured() {
      return Set.of("CAPTURED", "REFUNDED_IN_PART", "REFUNDED").contains(state);
    }
  }

  /**
   * @param nextActionAt null once it has ended
   */
  record Saga(
      UUID id,
      String definition,
      String state,
      @Nullable String attention,
      @Nullable String nextActionAt) {}

  /** What the card provider has in its own books. */
  record Provider(List<Movement> intents, List<Movement> payouts, List<Movement> refunds) {}

  /**
   * One movement of money at the provider.
   *
   * @param about the order, top-up, withdrawal or refund that it was made for
   */
  record Movement(String id, UUID about, String status, long amountMinor) {}

  /**
   * What actors asked for, and were told.
   *
   * @param paidIn credits that were acknowledged, by wallet
   * @param received pieces whose receipt was acknowledged, by SKU
   * @param adjusted pieces whose adjustment was acknowledged, by SKU
   * @param baskets what was ordered, by order
   * @param decisions what reviewers were told that became of a withdrawal
   * @param answers how many they got
   * @param unexpected those of them that nobody should get
   * @param unbalanced what did not add up while it ran
   * @param samples how often was looked while it ran
   * @param forged notifications with a forged signature that were sent by hand
   * @param notifications events of the provider's at whose deliveries, forged ones among them, was
   *     looked
   * @param forgedAccepted what was accepted though it was forged
   */
  record Told(
      Map<UUID, Long> paidIn,
      Map<String, Long> received,
      Map<String, Long> adjusted,
      Map<UUID, Basket> baskets,
      Map<UUID, Set<String>> decisions,
      long answers,
      List<String> unexpected,
      List<String> unbalanced,
      long samples,
      long forged,
      long notifications,
      List<String> forgedAccepted) {}
}
