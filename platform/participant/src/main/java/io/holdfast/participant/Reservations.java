package io.holdfast.participant;

import io.holdfast.contracts.SagaId;

/**
 * The working copy of one batch: later messages see what earlier ones did. Called in the order of
 * the messages, in memory; nothing is written before {@link #save()}.
 *
 * @param <T> body of the try command
 * @param <H> what is remembered about a reservation
 */
public interface Reservations<T, H> {

  /** Sets aside what {@code request} asks for, or refuses. Called at most once a saga. */
  TryOutcome<H> hold(SagaId saga, T request);

  /**
   * Takes what was set aside. It has no business reason to fail, unless an outside world decides.
   */
  ConfirmOutcome confirm(SagaId saga, H hold);

  /**
   * Gives back what was set aside; also called for a try that is still under way or a confirm that
   * was declined.
   */
  CancelOutcome cancel(SagaId saga, H hold);

  /**
   * Writes the net changes of the batch, in a number of statements that its size does not change.
   */
  void save();
}
