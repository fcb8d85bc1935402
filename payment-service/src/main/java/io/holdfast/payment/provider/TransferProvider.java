package io.holdfast.payment.provider;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whoever moves the money of refunds, payouts and top-ups. Every call ends within its time limit,
 * and never throws for what can happen on the way.
 */
public interface TransferProvider {

  /** Asks for the transfer. The same key never moves money twice. */
  TransferAnswer send(TransferOrder order, String idempotencyKey);

  /** What the transfer is now. */
  TransferAnswer find(Lookup lookup);

  /**
   * How to find a transfer.
   *
   * @param providerId the provider's id; null if its answer was never seen, then it is found by our
   *     id that it carries
   * @param firstSentAt not earlier than this was it made; null if it was never sent
   * @param lastSentAt when it was last asked for
   */
  record Lookup(
      TransferOrder order,
      @Nullable String providerId,
      @Nullable Instant firstSentAt,
      @Nullable Instant lastSentAt) {}
}
