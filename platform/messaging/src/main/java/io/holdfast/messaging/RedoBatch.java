package io.holdfast.messaging;

/**
 * Another transaction's change that this batch builds on is not visible yet, or came in between:
 * roll back and do the whole batch again. A message can overtake the visibility of the commit that
 * it follows from, because the log announces a commit before other connections see it.
 */
public final class RedoBatch extends RuntimeException {

  public RedoBatch(String message) {
    super(message);
  }

  /**
   * Pairs with a set-based write: as many rows must have changed as were decided.
   *
   * @throws RedoBatch if they differ
   */
  public static void unlessAll(String what, int changed, int decided) {
    if (changed != decided) {
      throw new RedoBatch("%s: %d rows changed, %d decided".formatted(what, changed, decided));
    }
  }
}
