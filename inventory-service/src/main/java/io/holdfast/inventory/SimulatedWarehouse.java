package io.holdfast.inventory;

import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** A small robot that misbehaves as it is told, and forgets nothing that it did. */
final class SimulatedWarehouse implements Warehouse {

  private static final String PICK = "PICK";
  private static final String PUT_BACK = "PUT_BACK";
  private static final String SHIP = "SHIP";
  private static final int CODE_RADIX = 36;

  private final RobotStore store;
  private final long ownSeed = ThreadLocalRandom.current().nextLong();
  private volatile WarehouseSettings settings;

  SimulatedWarehouse(RobotStore store, WarehouseSettings settings) {
    this.store = store;
    this.settings = settings;
  }

  WarehouseSettings settings() {
    return settings;
  }

  /** Behaves so from the next call on. */
  void behave(WarehouseSettings settings) {
    this.settings = settings;
  }

  @Override
  public WarehouseAnswer pick(UUID job, SortedMap<String, Long> quantities) {
    return call(
        job,
        PICK,
        fate -> fate.damaged() ? RobotStore.Result.damaged(quantities.firstKey()) : DONE);
  }

  @Override
  public WarehouseAnswer putBack(UUID job) {
    return call(job, PUT_BACK, _ -> DONE);
  }

  @Override
  public WarehouseAnswer ship(UUID job) {
    return call(job, SHIP, _ -> RobotStore.Result.done(code(job)));
  }

  private static final RobotStore.Result DONE = RobotStore.Result.done("");

  @FunctionalInterface
  private interface Work {
    RobotStore.Result done(Fate fate);
  }

  private WarehouseAnswer call(UUID job, String action, Work work) {
    var now = settings;
    int call = store.count(job, action);
    takeTime(now);
    long seed = now.seed() == null ? ownSeed : now.seed();
    var fate = Fate.of(now, seed, job, action, call);
    if (fate.fails()) {
      return new WarehouseAnswer.Unknown("the robot is out of order at the moment");
    }
    var result = store.finish(job, action, work.done(fate));
    if (fate.lost()) {
      return new WarehouseAnswer.Unknown("no answer");
    }
    return result.isPresent()
        ? answer(action, result.get())
        : new WarehouseAnswer.Unknown("this job was put back");
  }

  private static WarehouseAnswer answer(String action, RobotStore.Result result) {
    if (result.isDamaged()) {
      return new WarehouseAnswer.Damaged(result.detail());
    }
    return switch (action) {
      case PICK -> new WarehouseAnswer.Picked();
      case PUT_BACK -> new WarehouseAnswer.PutBack();
      default -> new WarehouseAnswer.Shipped(result.detail());
    };
  }

  private static void takeTime(WarehouseSettings settings) {
    try {
      Thread.sleep(settings.delay());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the warehouse works", e);
    }
  }

  private static String code(UUID job) {
    var text = Long.toUnsignedString(job.getLeastSignificantBits(), CODE_RADIX);
    return "HF-" + text.toUpperCase(java.util.Locale.ROOT);
  }
}
