package io.holdfast.benchmarks.scenario;

import io.holdfast.benchmarks.scenario.Books.Good;
import io.holdfast.benchmarks.scenario.Books.Wallet;
import io.holdfast.quickstart.HttpJson.Answer;
import io.holdfast.quickstart.Service;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Looks at wallets and goods all the time while a scenario runs: money and pieces are somewhere at
 * every moment, and what was ever paid in or out is never less than before.
 */
final class Observer implements AutoCloseable {

  private static final long LOOK_EVERY_MILLIS = 4;
  private static final int FOUND = 200;

  private final Client client;
  private final Journal journal;
  private final Map<UUID, Wallet> walletsBefore = new HashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  Observer(Client client, Journal journal) {
    this.client = client;
    this.journal = journal;
    this.thread = Thread.ofVirtual().name("observer").start(this::look);
  }

  private void look() {
    try {
      while (!closed) {
        for (var wallet : journal.wallets()) {
          Thread.sleep(LOOK_EVERY_MILLIS);
          lookAt(client.tryGet(Service.WALLET_SERVICE, "/wallets/" + wallet));
        }
        for (var sku : journal.goods()) {
          Thread.sleep(LOOK_EVERY_MILLIS);
          lookAtGood(client.tryGet(Service.INVENTORY_SERVICE, "/stock/" + sku));
        }
        Thread.sleep(LOOK_EVERY_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      journal.unexpected("whoever looked could not go on: " + e);
    }
  }

  private void lookAt(Answer answer) {
    if (closed || answer.status() != FOUND) {
      return;
    }
    var now = Client.read(answer.body(), Wallet.class);
    journal.looked();
    String wrong = MoneyInvariants.unbalanced(now);
    if (wrong != null) {
      journal.unbalanced(wrong);
    }
    var before = walletsBefore.put(now.walletId(), now);
    if (before != null && isLess(now, before)) {
      journal.unbalanced("a lifetime total went back: %s, then %s".formatted(before, now));
    }
  }

  private static boolean isLess(Wallet now, Wallet before) {
    return now.creditedMinor() < before.creditedMinor()
        || now.refundedMinor() < before.refundedMinor()
        || now.withdrawnMinor() < before.withdrawnMinor()
        || now.spentMinor() < before.spentMinor();
  }

  private void lookAtGood(Answer answer) {
    if (closed || answer.status() != FOUND) {
      return;
    }
    journal.looked();
    String wrong = TradeInvariants.unbalanced(Client.read(answer.body(), Good.class));
    if (wrong != null) {
      journal.unbalanced(wrong);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
