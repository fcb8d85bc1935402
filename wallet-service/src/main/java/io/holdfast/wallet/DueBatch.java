package io.holdfast.wallet;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Handles due rows together. If that fails, it halves them until what is wrong stands alone: that
 * one is put off, and the others go on.
 *
 * @param <R> what says which row is due
 */
final class DueBatch<R> {

  private final Consumer<List<R>> handle;
  private final BiConsumer<R, RuntimeException> putOff;

  /**
   * @param handle in a transaction of its own
   * @param putOff has a row that cannot be handled come due later; if that fails too, as it does
   *     while the database cannot be reached, nothing more is tried
   */
  DueBatch(Consumer<List<R>> handle, BiConsumer<R, RuntimeException> putOff) {
    this.handle = handle;
    this.putOff = putOff;
  }

  void handle(List<R> due) {
    if (due.isEmpty()) {
      return;
    }
    try {
      handle.accept(due);
    } catch (RuntimeException e) {
      if (due.size() == 1) {
        putOff.accept(due.getFirst(), e);
      } else {
        int middle = due.size() / 2;
        handle(due.subList(0, middle));
        handle(due.subList(middle, due.size()));
      }
    }
  }
}
