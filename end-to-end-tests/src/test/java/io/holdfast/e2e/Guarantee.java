package io.holdfast.e2e;

import java.util.List;

/**
 * What must hold, whatever happens, and what in the code sees to it.
 *
 * @param row its name in tags of tests
 * @param holds what is guaranteed
 * @param guards where the code refuses the opposite
 */
record Guarantee(String row, String holds, List<Guard> guards) {

  /**
   * @param file from the project's root
   * @param says a piece of it, by which the guard is found
   */
  record Guard(String file, String says) {}

  private static Guarantee of(String row, String holds, Guard... guards) {
    return new Guarantee(row, holds, List.of(guards));
  }

  private static Guard wallet(String file, String says) {
    return new Guard("wallet-service/src/main/" + file, says);
  }

  private static Guard inventory(String file, String says) {
    return new Guard("inventory-service/src/main/" + file, says);
  }

  private static Guard payment(String file, String says) {
    return new Guard("payment-service/src/main/" + file, says);
  }

  private static Guard order(String file, String says) {
    return new Guard("order-service/src/main/" + file, says);
  }

  private static Guard platform(String file, String says) {
    return new Guard("platform/" + file, says);
  }

  private static Guard orchestrator(String file, String says) {
    return new Guard("saga-orchestrator/src/main/" + file, says);
  }

  static final List<Guarantee> ALL =
      List.of(
          of(
              "R-W1",
              "Two debits at the same time never both pass on money that covers one.",
              wallet("java/io/holdfast/wallet/WalletStore.java", "for no key update"),
              wallet("resources/db/wallet/V1__wallet.sql", "check (available_minor >= 0)")),
          of(
              "R-W2",
              "Credits at the same time are all there, each once.",
              wallet("resources/db/wallet/V1__wallet.sql", "primary key (wallet_id, reference)"),
              wallet("java/io/holdfast/wallet/WalletStore.java", "on conflict do nothing")),
          of(
              "R-W3",
              "However requests, approvals and rejections of withdrawals fall together, the money is in exactly one place.",
              wallet("resources/db/wallet/V2__ledger.sql", "wallet_conserves_money"),
              wallet("java/io/holdfast/wallet/WithdrawalStore.java", "for no key update")),
          of(
              "R-W4",
              "Money is refunded once for each reference.",
              wallet(
                  "resources/db/wallet/V2__ledger.sql",
                  "primary key (wallet_id, reference_type, reference_id)")),
          of(
              "R-W5",
              "Holding, spending and giving back balance can repeat and come in any order.",
              platform(
                  "participant/src/main/resources/db/participant/V0_2__participant.sql",
                  "primary key (saga_id, step)")),
          of(
              "R-W6",
              "A wallet is made by its first use, also when two first uses race; spending from it is refused for its balance.",
              wallet("java/io/holdfast/wallet/WalletStore.java", "on conflict do nothing")),
          of(
              "R-W7",
              "Free quota pays first, then the balance, in one step; a month is a key, not a job.",
              wallet("resources/db/wallet/V2__ledger.sql", "check (held + used <= allowance)")),
          of(
              "R-W8",
              "Every movement is one entry with a debit and a credit account; balances can be rebuilt from them.",
              wallet("resources/db/wallet/V2__ledger.sql", "wallet_entry_accounts"),
              wallet(
                  "resources/db/wallet/V2__ledger.sql",
                  "revoke update, delete, truncate on wallet_entry")),
          of(
              "R-W9",
              "A voucher is used as often as it allows, however many orders want it.",
              wallet("resources/db/wallet/V2__ledger.sql", "check (reserved + redeemed <= uses)")),
          of(
              "R-I1",
              "Stock is never oversold; an order's lines are all held, or none.",
              inventory("resources/db/inventory/V2__goods.sql", "stock_not_oversold")),
          of(
              "R-I2",
              "A refused reservation is an answer that names the good.",
              inventory("java/io/holdfast/inventory/StockReservations.java", "INSUFFICIENT_STOCK")),
          of(
              "R-I3",
              "Reserved stock is seen apart; goods that are not active cannot be reserved.",
              inventory("java/io/holdfast/inventory/StockReservations.java", "GOODS_INACTIVE")),
          of(
              "R-I4",
              "Every movement of stock has an entry, and the sums agree.",
              inventory("resources/db/inventory/V2__goods.sql", "stock_conserved"),
              inventory(
                  "resources/db/inventory/V1__stock.sql",
                  "revoke update, delete, truncate on stock_entry")),
          of(
              "R-I5",
              "Many orders for one good are decided in one batch.",
              inventory("java/io/holdfast/inventory/StockStore.java", "for no key update")),
          of(
              "R-P1",
              "A notification has its effect once; one with another amount or currency is refused and alarmed.",
              payment(
                  "resources/db/payment/V3__transfers_and_webhooks.sql",
                  "id text primary key check (length(id) <= 255)")),
          of(
              "R-P2",
              "A payment's state and the message that moves its order are one transaction.",
              platform(
                  "participant/src/main/java/io/holdfast/participant/Settlement.java",
                  "outbox.append(")),
          of(
              "R-P3",
              "A top-up's money arrives once, whoever hears of it first.",
              payment(
                  "resources/db/payment/V3__transfers_and_webhooks.sql", "provider_id text unique"),
              wallet("java/io/holdfast/wallet/TopUpHandler.java", "wallets.credit(")),
          of(
              "R-P4",
              "What a provider did is found out before anything is asked again.",
              payment("resources/db/payment/V1__payment.sql", "payment_waits_with_a_wake_up")),
          of(
              "R-P5",
              "All refunds together are never more than what was captured.",
              payment(
                  "resources/db/payment/V3__transfers_and_webhooks.sql",
                  "payment_refunds_within_capture"),
              order(
                  "resources/db/order/V3__approval_refund_fulfilment_cart.sql", "orders_refunded")),
          of(
              "R-P6",
              "Only what the provider signed is heard, and not when it is replayed later.",
              payment(
                  "java/io/holdfast/payment/webhook/WebhookSignature.java",
                  "Signature.verifyHeader(")),
          of(
              "R-O1",
              "An order, its lines, its cleared cart and its start are one transaction.",
              order("java/io/holdfast/order/PlacementHandler.java", "outbox.append(")),
          of(
              "R-O2",
              "One refund of an order is pending at a time.",
              order(
                  "resources/db/order/V3__approval_refund_fulfilment_cart.sql",
                  "refund_one_pending")),
          of(
              "R-O3",
              "A request that is sent again is the same order; another one under its key is refused.",
              order("resources/db/order/V1__order.sql", "unique (customer_id, idempotency_key)")),
          of(
              "R-O4",
              "Somebody else's order and none answer alike.",
              order("java/io/holdfast/order/OrderStore.java", "customer_id = ?")),
          of(
              "R-O5",
              "A customer's cancel ends the order, or is told that it comes too late.",
              platform(
                  "saga-core/src/main/java/io/holdfast/saga/SagaMachine.java", "CancelRequested")),
          of(
              "R-O6",
              "An order above the limit holds nothing before a reviewer has agreed, and ends when nobody does in time.",
              platform(
                  "saga-core/src/main/java/io/holdfast/saga/SagaMachine.java",
                  "NOT_ANSWERED_IN_TIME")),
          of(
              "R-O7",
              "A bulk change has a result for each item.",
              order("java/io/holdfast/order/BulkController.java", "/orders/bulk-cancel")),
          of(
              "R-S1",
              "All are tried, then all confirm or all cancel; what is decided is asked for until everybody has acknowledged.",
              platform("saga-core/src/main/java/io/holdfast/saga/SagaMachine.java", "acknowledged"),
              orchestrator(
                  "java/io/holdfast/orchestrator/engine/SagaStore.java",
                  "saga.version = s.stored_version")),
          of(
              "R-S2",
              "A saga that has not decided by its deadline cancels, whoever has died meanwhile.",
              orchestrator("resources/db/saga/V1__saga.sql", "saga_never_forgotten")),
          of(
              "R-S3",
              "Nothing waits without a limit.",
              order("java/io/holdfast/order/PlacementQueue.java", "settings.timeout()"),
              orchestrator(
                  "java/io/holdfast/orchestrator/engine/StartGate.java", "countFirstTries")),
          of(
              "R-S4",
              "Each day's books are compared with the provider's, and what was taken in vain is given back.",
              payment("resources/db/payment/V5__reconciliation.sql", "day date unique"),
              payment("java/io/holdfast/payment/card/PaymentWorker.java", "giveBack")),
          of(
              "R-S5",
              "Whoever operates it sees each saga's history, what it waits for, and why it needs help.",
              orchestrator("resources/db/saga/V1__saga.sql", "saga_attention")),
          of(
              "R-S6",
              "Who has lost its place, or was too slow, changes nothing any more.",
              platform(
                  "outbox-relay/src/main/java/io/holdfast/relay/OutboxEngine.java", "slot.name"),
              payment(
                  "java/io/holdfast/payment/card/PaymentWorker.java",
                  "before.version() != claim.payment().version()"),
              payment(
                  "java/io/holdfast/payment/transfer/TransferWorker.java",
                  "before.version() != claim.transfer().version()")),
          of(
              "R-M2",
              "A balance or a quota that runs low is told once, by what made it low.",
              wallet("java/io/holdfast/wallet/LowBalanceNotice.java", "was not before")),
          of(
              "R-M3",
              "Who pays unusually often, or unusually much, is flagged.",
              wallet("java/io/holdfast/wallet/AbnormalUseStore.java", "BEYOND")),
          of(
              "R-M4",
              "What was prevented is counted, under a name that says it.",
              wallet("java/io/holdfast/wallet/WalletMetrics.java", "wallet.insufficient.balance")),
          of(
              "R-M5",
              "What is looked for all the time has an index, and what grows with time goes by partition.",
              platform(
                  "messaging/src/main/resources/db/messaging/V0_1__messaging.sql",
                  "partition by range"),
              orchestrator("resources/db/saga/V2__open_sagas.sql", "create index saga_open")),
          of(
              "R-M6",
              "Looking at an order is two index searches, and never shows it as it was.",
              order("java/io/holdfast/order/OrderRepository.java", "readOnly = true")),
          of(
              "R-M7",
              "Anybody can race the services, and is told whether the books add up.",
              new Guard(
                  "benchmarks/src/main/java/io/holdfast/benchmarks/scenario/Verdict.java",
                  "TradeInvariants.ALL")),
          of(
              "R-X4",
              "What is wrong with a request is refused as a problem: code, field, and words in the caller's language.",
              platform(
                  "web/src/main/java/io/holdfast/web/ProblemAdvice.java",
                  "@RestControllerAdvice")));
}
