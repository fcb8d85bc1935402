package io.holdfast.saga;

import io.holdfast.contracts.Phase;
import java.util.List;

/**
 * Everything in the model that can be broken. Each default is the real thing: the functions of the
 * main code, and what a participant and a transaction have to keep to around them.
 */
interface Protocol {

  Protocol REAL = new Protocol() {};

  default Decision start(SagaPlan plan) {
    return SagaMachine.start(plan);
  }

  default Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
    return SagaMachine.decide(plan, state, event);
  }

  default FenceMove first(Phase phase) {
    return FenceMove.first(phase);
  }

  default FenceMove next(FenceState state, boolean declined, Phase phase) {
    return FenceMove.next(state, declined, phase);
  }

  /** The row that a cancel without a try leaves behind. */
  default Fence entombed(Fence fence) {
    return fence.in(FenceState.EMPTY);
  }

  /** The row after a late try was refused. */
  default Fence afterLateTry(Fence fence) {
    return fence;
  }

  /** A repeated command is answered again, as the first answer may be lost. */
  default boolean answersRepeats() {
    return true;
  }

  /** What may become of a row with no message and no answer from outside. */
  default List<Fence> byItself(Fence fence) {
    return List.of();
  }

  /** The outside answers a try whose fence has moved on to cancelling: the fence stays. */
  default boolean lateAnswerMovesTheFence() {
    return false;
  }

  /** How much a cancel gives back. */
  default int givenBack(Fence before) {
    return before.held();
  }

  /** The stock that a try may take from: what is there and not held for anybody. */
  default int onOffer(int available, int heldInAll) {
    return available;
  }

  /** Participant: the row and its answer are one commit. */
  default boolean answersWithItsCommit() {
    return true;
  }

  /** Orchestrator: the state and its commands are one commit. */
  default boolean commandsWithItsCommit() {
    return true;
  }
}
