package io.holdfast.benchmarks.scenario;

import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What is to be decided. Everything comes to the desk several times, with opposite opinions, so
 * that reviewers decide about the same thing at the same time.
 */
final class ReviewDesk {

  private static final long LOOK_EVERY_MILLIS = 50;

  private final Shop shop;
  private final LinkedBlockingQueue<Runnable> decisions = new LinkedBlockingQueue<>();
  private final CountDownLatch customers;

  /**
   * @param customers as long as there are any, reviewers wait for more
   */
  ReviewDesk(Shop shop, int customers) {
    this.shop = shop;
    this.customers = new CountDownLatch(customers);
  }

  void withdrawal(UUID id, SplittableRandom random) {
    boolean first = random.nextBoolean();
    decisions.add(() -> shop.decide(id, first));
    decisions.add(() -> shop.decide(id, !first));
    decisions.add(() -> shop.decide(id, first));
  }

  void order(UUID id, SplittableRandom random) {
    boolean first = random.nextBoolean();
    decisions.add(() -> shop.review(id, "Eve", first));
    decisions.add(() -> shop.review(id, "Mallory", !first));
  }

  /** A customer will not bring anything any more. */
  void customerLeaves() {
    customers.countDown();
  }

  /** Decides until all customers have left and nothing is left to decide. */
  void work() throws InterruptedException {
    while (true) {
      boolean last = customers.getCount() == 0;
      var decision = decisions.poll(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
      if (decision != null) {
        decision.run();
      } else if (last) {
        return;
      }
    }
  }
}
