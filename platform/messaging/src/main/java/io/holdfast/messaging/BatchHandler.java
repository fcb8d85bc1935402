package io.holdfast.messaging;

import java.util.List;

/**
 * What a service does with messages: prefetch, decide, write, in the transaction that the caller
 * has opened.
 */
@FunctionalInterface
public interface BatchHandler {

  /**
   * Handles messages that this consumer has not handled before. All or nothing: an exception rolls
   * the batch back.
   *
   * @param batch at least one message, in the order of the log, each id once
   * @throws RedoBatch if it has to be done again, because something it builds on is not visible
   *     yet; so has a batch whose insert meets a key that is there
   * @throws InvalidMessage if a message is impossible; the batch is halved until the culprit is
   *     found and parked
   */
  void handle(List<Envelope> batch);

  /**
   * Handles a message that stood alone and was redone in vain: what it builds on is not late but
   * missing. Unless the handler has an answer to that, the message is parked.
   */
  default void handleOrphan(Envelope message) {
    handle(List.of(message));
  }
}
