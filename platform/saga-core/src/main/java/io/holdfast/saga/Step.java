package io.holdfast.saga;

import io.holdfast.contracts.ParticipantContract;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One step of a definition.
 *
 * @param <I> the input's type
 */
public sealed interface Step<I> {

  /** When a step is asked, and what can follow. */
  enum Kind {
    /** Try, then confirm or cancel; neither may fail for a business reason. */
    TCC,
    /**
     * As TCC, but an outside world may decline its confirm, so it is confirmed first and alone. At
     * most one a saga.
     */
    PIVOT,
    /**
     * Do, or undo: its try does the work, its confirm only says that it stays, its cancel undoes
     * it. Decided like TCC; the kind tells people that others may see the work before the decision.
     */
    COMPENSABLE,
    /**
     * Asked only once all before it have confirmed, and then until it is done: it is neither
     * confirmed nor cancelled, and has no business reason to refuse.
     */
    RETRIABLE,
    /** Nobody is asked: the saga waits for a signal from outside, such as a reviewer's word. */
    AWAIT
  }

  /** Unique in its definition; a participant's step has the participant's name. */
  String name();

  Kind kind();

  /** Whether the step takes part, asked when its stage is entered. */
  Predicate<SagaData<I>> condition();

  /** The same step, left out where {@code condition} does not hold. */
  Step<I> when(Predicate<SagaData<I>> condition);

  /**
   * A participant and what to ask of it. Its confirm and cancel come with the participant's
   * contract, so a step without them cannot be written.
   *
   * @param request the body of the try command
   */
  record Asked<I>(
      Kind kind,
      ParticipantContract<?> participant,
      Predicate<SagaData<I>> condition,
      Function<SagaData<I>, ?> request)
      implements Step<I> {

    @Override
    public String name() {
      return participant.name();
    }

    @Override
    public Asked<I> when(Predicate<SagaData<I>> condition) {
      return new Asked<>(kind, participant, condition, request);
    }
  }

  /**
   * A signal that is waited for, alone and before anything is confirmed.
   *
   * @param limit how long; a saga that has not heard by then cancels
   */
  record Awaited<I>(String name, Duration limit, Predicate<SagaData<I>> condition)
      implements Step<I> {

    @Override
    public Kind kind() {
      return Kind.AWAIT;
    }

    @Override
    public Awaited<I> when(Predicate<SagaData<I>> condition) {
      return new Awaited<>(name, limit, condition);
    }
  }

  static <I, T> Step<I> tcc(ParticipantContract<T> participant, Function<SagaData<I>, T> request) {
    return new Asked<>(Kind.TCC, participant, _ -> true, request);
  }

  static <I, T> Step<I> pivot(
      ParticipantContract<T> participant, Function<SagaData<I>, T> request) {
    return new Asked<>(Kind.PIVOT, participant, _ -> true, request);
  }

  static <I, T> Step<I> compensable(
      ParticipantContract<T> participant, Function<SagaData<I>, T> request) {
    return new Asked<>(Kind.COMPENSABLE, participant, _ -> true, request);
  }

  static <I, T> Step<I> retriable(
      ParticipantContract<T> participant, Function<SagaData<I>, T> request) {
    return new Asked<>(Kind.RETRIABLE, participant, _ -> true, request);
  }

  static <I> Step<I> await(String name, Duration limit) {
    return new Awaited<>(name, limit, _ -> true);
  }
}
