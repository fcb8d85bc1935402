package io.holdfast.saga;

import io.holdfast.contracts.ParticipantContract;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One step of a definition: a participant and what to ask of it. Its confirm and cancel come with
 * the participant's contract, so a step without them cannot be written.
 *
 * @param <I> the input's type
 * @param kind how its confirm behaves
 * @param participant whom to ask
 * @param condition whether the step takes part, asked when its stage is entered
 * @param request the body of the try command
 */
public record Step<I>(
    Kind kind,
    ParticipantContract<?> participant,
    Predicate<SagaData<I>> condition,
    Function<SagaData<I>, ?> request) {

  /** How a step's confirm behaves. */
  public enum Kind {
    /** Try, then confirm or cancel; neither may fail for a business reason. */
    TCC,
    /**
     * As TCC, but an outside world may decline its confirm, so it is confirmed first and alone. At
     * most one a saga.
     */
    PIVOT
  }

  public static <I, T> Step<I> tcc(
      ParticipantContract<T> participant, Function<SagaData<I>, T> request) {
    return new Step<>(Kind.TCC, participant, _ -> true, request);
  }

  public static <I, T> Step<I> pivot(
      ParticipantContract<T> participant, Function<SagaData<I>, T> request) {
    return new Step<>(Kind.PIVOT, participant, _ -> true, request);
  }

  /** The same step, left out where {@code condition} does not hold. */
  public Step<I> when(Predicate<SagaData<I>> condition) {
    return new Step<>(kind, participant, condition, request);
  }

  public String name() {
    return participant.name();
  }
}
