package io.holdfast.relay;

/** The relay won't run as PostgreSQL is set up; the message says what to change, and to what. */
public final class RelayRefusedException extends RuntimeException {

  RelayRefusedException(String message) {
    super(message);
  }
}
