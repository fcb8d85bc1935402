package io.holdfast.inventory;

import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * What happens to one call of the simulated warehouse. The same seed, job, action and number of the
 * call give the same fate; whether a job's goods are damaged does not depend on the call.
 *
 * @param fails it is not done, this time
 * @param damaged the goods are broken
 * @param lost it is done, but the answer gets lost
 */
record Fate(boolean fails, boolean damaged, boolean lost) {

  static Fate of(WarehouseSettings settings, long seed, UUID job, String action, int call) {
    var ofJob = random(seed, job, "damage");
    var ofCall = random(seed + call, job, action);
    boolean damaged = ofJob.nextDouble() < settings.damagedShare();
    boolean fails = ofCall.nextDouble() < settings.failureShare();
    boolean lost = ofCall.nextDouble() < settings.lostAnswerShare();
    return new Fate(fails, damaged, lost);
  }

  private static RandomGenerator random(long seed, UUID job, String purpose) {
    return new SplittableRandom(
        (seed * 31)
            ^ job.getMostSignificantBits()
            ^ Long.rotateLeft(job.getLeastSignificantBits(), 17)
            ^ ((long) purpose.hashCode() << 32));
  }
}
