package io.holdfast.benchmarks.scenario;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** What the actors of a run asked for and were told. For many threads at once. */
final class Journal {

  private static final int MOST_ROWS = 1_000;

  private final Map<UUID, Long> paidIn = new ConcurrentHashMap<>();
  private final Map<String, Long> received = new ConcurrentHashMap<>();
  private final Map<String, Long> adjusted = new ConcurrentHashMap<>();
  private final Map<UUID, Basket> baskets = new ConcurrentHashMap<>();
  private final Map<UUID, Set<String>> decisions = new ConcurrentHashMap<>();
  private final Set<String> vouchers = ConcurrentHashMap.newKeySet();
  private final Set<UUID> topUps = ConcurrentHashMap.newKeySet();
  private final Queue<String> unexpected = new ConcurrentLinkedQueue<>();
  private final Queue<String> unbalanced = new ConcurrentLinkedQueue<>();
  private final Queue<String> forgedAccepted = new ConcurrentLinkedQueue<>();
  private final LongAdder samples = new LongAdder();
  private final LongAdder answers = new LongAdder();
  private final LongAdder forged = new LongAdder();
  private final Set<String> notifications = ConcurrentHashMap.newKeySet();

  /** Wallets that the run made, whether there is money in them or not. */
  Set<UUID> wallets() {
    return paidIn.keySet();
  }

  Set<String> goods() {
    return received.keySet();
  }

  Set<String> vouchers() {
    return vouchers;
  }

  Set<UUID> topUps() {
    return topUps;
  }

  Map<UUID, Basket> baskets() {
    return baskets;
  }

  void paidIn(UUID wallet, long amountMinor) {
    paidIn.merge(wallet, amountMinor, Long::sum);
  }

  void received(String sku, long pieces) {
    received.merge(sku, pieces, Long::sum);
  }

  void adjusted(String sku, long pieces) {
    adjusted.merge(sku, pieces, Long::sum);
  }

  void ordered(UUID order, Basket basket) {
    baskets.put(order, basket);
  }

  void issued(String voucher) {
    vouchers.add(voucher);
  }

  void toppedUp(UUID topUp) {
    topUps.add(topUp);
  }

  /**
   * @param decision {@code approved} or {@code rejected}
   */
  void decided(UUID withdrawal, String decision) {
    decisions.computeIfAbsent(withdrawal, _ -> ConcurrentHashMap.newKeySet()).add(decision);
  }

  void answered() {
    answers.increment();
  }

  void unexpected(String row) {
    add(unexpected, row);
  }

  void looked() {
    samples.increment();
  }

  void unbalanced(String row) {
    add(unbalanced, row);
  }

  void forged() {
    forged.increment();
  }

  /** It was looked at what became of an event of the provider's. */
  void notified(String event) {
    notifications.add(event);
  }

  void forgedAccepted(String row) {
    add(forgedAccepted, row);
  }

  private static void add(Queue<String> rows, String row) {
    if (rows.size() < MOST_ROWS) {
      rows.add(row);
    }
  }

  Books.Told told() {
    return new Books.Told(
        Map.copyOf(paidIn),
        Map.copyOf(received),
        Map.copyOf(adjusted),
        Map.copyOf(baskets),
        Map.copyOf(decisions),
        answers.sum(),
        List.copyOf(unexpected),
        List.copyOf(unbalanced),
        samples.sum(),
        forged.sum(),
        notifications.size(),
        List.copyOf(forgedAccepted));
  }
}
