package io.holdfast.relay;

/** A message did not reach Kafka. */
final class PublishFailedException extends RuntimeException {

  private final MessageRef message;
  private final String outbox;
  private final boolean forEver;

  private PublishFailedException(
      MessageRef message, String outbox, boolean forEver, String text, Throwable cause) {
    super(text, cause);
    this.message = message;
    this.outbox = outbox;
    this.forEver = forEver;
  }

  /** No retry can help: the message is to be parked. */
  static PublishFailedException forEver(
      MessageRef message, String outbox, String why, Throwable cause) {
    return new PublishFailedException(
        message, outbox, true, "%s: %s".formatted(why, cause.getMessage()), cause);
  }

  /** Worth another try. */
  static PublishFailedException forNow(
      MessageRef message, String outbox, String what, Throwable cause) {
    return new PublishFailedException(
        message, outbox, false, "%s failed: %s".formatted(what, cause.getMessage()), cause);
  }

  MessageRef failedMessage() {
    return message;
  }

  String outbox() {
    return outbox;
  }

  boolean isForEver() {
    return forEver;
  }
}
