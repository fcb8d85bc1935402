package io.holdfast.saga;

/**
 * The shape of one saga, as far as decisions need it: its definition applied to its input and the
 * answers so far.
 */
public interface SagaPlan {

  int stageCount();

  /**
   * How many stages come before the decision. Those behind it have retriable steps only, and are
   * asked once everybody before has confirmed.
   */
  int decisionStage();

  /** The steps of {@code stage} that take part. Asked once, when the stage is entered. */
  Steps activeIn(int stage);

  /** The pivot, or no step if the definition has none. */
  Steps pivot();

  /** The steps that are waited for without asking anybody, so that nothing is ever held there. */
  Steps awaited();
}
