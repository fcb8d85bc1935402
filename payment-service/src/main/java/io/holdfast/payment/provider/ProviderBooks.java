package io.holdfast.payment.provider;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** All that the provider has made, whoever asked for it. */
public interface ProviderBooks {

  /**
   * Hands over everything that the provider has made in a time, page by page, newest first.
   *
   * @throws ProviderUnavailable if the list breaks off
   */
  void list(ProviderRecord.Kind kind, Instant from, Instant to, Consumer<ProviderRecord> reader);

  /**
   * One record of the provider's books as it is now; empty if there is none.
   *
   * @throws ProviderUnavailable if it cannot be read
   */
  Optional<ProviderRecord> read(ProviderRecord.Kind kind, String providerId);
}
