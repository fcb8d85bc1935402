package io.holdfast.saga;

/**
 * The shape of one saga, as far as decisions need it: its definition applied to its input and the
 * answers so far.
 */
public interface SagaPlan {

  int stageCount();

  /** The steps of {@code stage} that take part. Asked once, when the stage is entered. */
  Steps activeIn(int stage);

  /** The pivot, or no step if the definition has none. */
  Steps pivot();
}
