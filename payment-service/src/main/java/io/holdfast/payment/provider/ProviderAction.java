package io.holdfast.payment.provider;

import java.util.Locale;

/** What can be done at the provider. */
public enum ProviderAction {
  AUTHORISE,
  /** Asks what became of a request whose answer is missing. */
  QUERY,
  CAPTURE,
  VOID,
  NOTHING;

  /** As it is written in metrics and idempotency keys. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
