package io.holdfast.payment;

/** The provider could not be asked, or gave no whole answer. */
final class ProviderUnavailable extends RuntimeException {

  ProviderUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
