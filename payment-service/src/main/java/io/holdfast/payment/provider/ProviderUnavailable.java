package io.holdfast.payment.provider;

/** The provider could not be asked, or gave no whole answer. */
public final class ProviderUnavailable extends RuntimeException {

  public ProviderUnavailable(String message) {
    super(message);
  }

  public ProviderUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
