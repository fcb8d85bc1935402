package io.holdfast.relay;

import org.jspecify.annotations.Nullable;

/** The engine has to be replaced. */
final class EngineEndedException extends RuntimeException {

  EngineEndedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
