package io.holdfast.payment;

import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whoever moves the money of refunds, payouts and top-ups. Every call ends within its time limit,
 * and never throws for what can happen on the way.
 */
interface TransferProvider {

  /** Asks for the transfer. The same key never moves money twice. */
  TransferAnswer send(Transfer transfer, String idempotencyKey);

  /**
   * What the transfer is now.
   *
   * @param providerId the provider's id; null if its answer was never seen, then it is found by our
   *     id that it carries
   */
  TransferAnswer find(Transfer transfer, @Nullable String providerId);

  /**
   * Hands over everything that the provider has made in a time, page by page, newest first.
   *
   * @throws ProviderUnavailable if the list breaks off
   */
  void list(ProviderRecord.Kind kind, Instant from, Instant to, Consumer<ProviderRecord> reader);

  /**
   * One record of the provider's books.
   *
   * @throws ProviderUnavailable if it cannot be read
   */
  ProviderRecord read(ProviderRecord.Kind kind, String providerId);
}
