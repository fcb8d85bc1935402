package io.holdfast.saga;

import io.holdfast.contracts.ParticipantContract;
import java.util.Optional;

/**
 * What a definition may look at when it makes a command: the saga's input and what participants
 * have answered.
 *
 * @param <I> the input's type
 */
public interface SagaData<I> {

  I input();

  /**
   * The data of {@code participant}'s answer to its try; empty if it did not take part or had
   * nothing to tell.
   */
  <R> Optional<R> answer(ParticipantContract<?> participant, Class<R> type);
}
