package io.holdfast.messaging;

/**
 * A message that no retry can make right: it cannot be decoded, or says something impossible. It
 * gets parked.
 */
public final class InvalidMessage extends RuntimeException {

  public InvalidMessage(String message) {
    super(message);
  }

  public InvalidMessage(String message, Throwable cause) {
    super(message, cause);
  }
}
