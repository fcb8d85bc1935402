package io.holdfast.saga;

import static io.holdfast.contracts.Phase.CANCEL;
import static io.holdfast.contracts.Phase.CONFIRM;
import static io.holdfast.contracts.Phase.TRY;

import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.Reply;
import io.holdfast.saga.SagaEvent.CancelRequested;
import io.holdfast.saga.SagaEvent.DeadlinePassed;
import io.holdfast.saga.SagaEvent.Replied;
import io.holdfast.saga.SagaEvent.ResendDue;
import io.holdfast.saga.SagaState.Cancelled;
import io.holdfast.saga.SagaState.Cancelling;
import io.holdfast.saga.SagaState.Completing;
import io.holdfast.saga.SagaState.Confirmed;
import io.holdfast.saga.SagaState.Confirming;
import io.holdfast.saga.SagaState.Pivoting;
import io.holdfast.saga.SagaState.Trying;
import java.util.List;

/** The protocol with one guard broken. The exploration has to find fault with each. */
enum Mutant implements Protocol {

  // The orchestrator's guards.

  DEADLINE_CANCELS_A_DECIDED_SAGA {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Confirming(Steps open) && event instanceof DeadlinePassed
          ? cancelling(open)
          : super.decide(plan, state, event);
    }
  },
  CUSTOMER_CANCELS_A_DECIDED_SAGA {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Confirming(Steps open) && event instanceof CancelRequested
          ? cancelling(open)
          : super.decide(plan, state, event);
    }
  },
  DEADLINE_CANCELS_WHILE_THE_PIVOT_DECIDES {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Pivoting(Steps held) && event instanceof DeadlinePassed
          ? cancelling(held)
          : super.decide(plan, state, event);
    }
  },
  CONFIRMS_BEFORE_ALL_ARE_HELD {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      var decision = super.decide(plan, state, event);
      return decision.next() instanceof Trying(_, Steps open, Steps held) && !held.isEmpty()
          ? confirming(open.with(held))
          : decision;
    }
  },
  CONFIRMS_AFTER_THE_FIRST_STAGE {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      var decision = super.decide(plan, state, event);
      return decision.next() instanceof Trying(int stage, _, Steps held) && stage > 0
          ? confirming(held)
          : decision;
    }
  },
  TAKES_A_REFUSED_TRY_FOR_A_HELD_ONE {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return event instanceof Replied(int step, Phase phase, Reply.Refused _) && phase == TRY
          ? super.decide(plan, state, new Replied(step, phase, Reply.Done.WITHOUT_DATA))
          : super.decide(plan, state, event);
    }
  },
  CANCEL_SKIPS_STEPS_THAT_HAVE_NOT_ANSWERED {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      var decision = super.decide(plan, state, event);
      return state instanceof Trying(_, _, Steps held) && decision.next() instanceof Cancelling
          ? cancelling(held)
          : decision;
    }
  },
  CANCEL_SKIPS_STEPS_THAT_HOLD {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      var decision = super.decide(plan, state, event);
      return state instanceof Trying(_, _, Steps held)
              && decision.next() instanceof Cancelling(Steps open, _)
          ? cancelling(open.without(held))
          : decision;
    }
  },
  CANCEL_FORGETS_EARLIER_STAGES {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      var decision = super.decide(plan, state, event);
      return state instanceof Trying(int stage, _, _)
              && decision.next() instanceof Cancelling(Steps open, _)
          ? cancelling(open.without(open.without(plan.activeIn(stage))))
          : decision;
    }
  },
  CANCEL_AWAITS_NO_ACKNOWLEDGEMENT {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      var decision = super.decide(plan, state, event);
      return decision.next() instanceof Cancelling(_, Reason reason)
          ? new Decision(
              new Cancelled(reason), decision.phase(), decision.to(), Decision.Kind.MOVED)
          : decision;
    }
  },
  FIRST_ACKNOWLEDGEMENT_ENDS_A_CONFIRM {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      var decision = super.decide(plan, state, event);
      return state instanceof Confirming && !state.equals(decision.next())
          ? Decision.moved(new Confirmed())
          : decision;
    }
  },
  TAKES_A_LATE_TRY_FOR_A_CONFIRM {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Confirming && event instanceof Replied(int step, _, Reply reply)
          ? super.decide(plan, state, new Replied(step, CONFIRM, reply))
          : super.decide(plan, state, event);
    }
  },
  TAKES_A_LATE_TRY_FOR_A_CANCEL {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Cancelling && event instanceof Replied(int step, _, Reply reply)
          ? super.decide(plan, state, new Replied(step, CANCEL, reply))
          : super.decide(plan, state, event);
    }
  },
  TAKES_A_LATE_TRY_FOR_THE_PIVOTS_CONFIRM {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Pivoting && event instanceof Replied(int step, _, Reply reply)
          ? super.decide(plan, state, new Replied(step, CONFIRM, reply))
          : super.decide(plan, state, event);
    }
  },
  LATE_TRY_REVIVES_A_CANCELLED_SAGA {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Cancelling(Steps open, _)
              && event instanceof Replied(int step, Phase phase, Reply.Done _)
              && phase == TRY
          ? Decision.moved(new Trying(0, open.without(Steps.of(step)), Steps.of(step)))
          : super.decide(plan, state, event);
    }
  },
  CONFIRMS_ALL_TOGETHER_WITH_THE_PIVOT {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      var decision = super.decide(plan, state, event);
      return decision.next() instanceof Pivoting(Steps held) ? confirming(held) : decision;
    }
  },
  CONFIRMS_THE_OTHERS_WHILE_THE_PIVOT_DECIDES {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      var decision = super.decide(plan, state, event);
      return decision.next() instanceof Pivoting(Steps held)
          ? new Decision(decision.next(), CONFIRM, held, decision.kind())
          : decision;
    }
  },
  TAKES_THE_PIVOTS_REFUSAL_FOR_CONSENT {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Pivoting(Steps held)
              && event instanceof Replied(_, Phase phase, Reply.Refused _)
              && phase == CONFIRM
          ? confirming(held.without(plan.pivot()))
          : super.decide(plan, state, event);
    }
  },
  DECLINED_PIVOT_IS_NOT_CANCELLED {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      var decision = super.decide(plan, state, event);
      return state instanceof Pivoting && decision.next() instanceof Cancelling(Steps open, _)
          ? cancelling(open.without(plan.pivot()))
          : decision;
    }
  },
  NEVER_RESENDS_A_CONFIRM {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Confirming && event instanceof ResendDue
          ? Decision.ignored(state)
          : super.decide(plan, state, event);
    }
  },
  NEVER_RESENDS_THE_PIVOTS_CONFIRM {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Pivoting && event instanceof ResendDue
          ? Decision.ignored(state)
          : super.decide(plan, state, event);
    }
  },
  NEVER_RESENDS_A_CANCEL {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Cancelling && event instanceof ResendDue
          ? Decision.ignored(state)
          : super.decide(plan, state, event);
    }
  },
  WAITS_FOR_TRIES_FOR_EVER {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Trying && !(event instanceof Replied)
          ? Decision.ignored(state)
          : super.decide(plan, state, event);
    }
  },
  RESENDS_THE_WRONG_PHASE {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Cancelling(Steps open, _) && event instanceof ResendDue
          ? Decision.resent(state, CONFIRM, open)
          : super.decide(plan, state, event);
    }
  },
  COMMANDS_LEAVE_BEFORE_THE_DECISION_IS_STORED {
    @Override
    public boolean commandsWithItsCommit() {
      return false;
    }
  },

  GOES_ON_WITHOUT_THE_WORD_THAT_IS_AWAITED {
    @Override
    public Decision start(SagaPlan plan) {
      return unheard(plan, super.start(plan));
    }

    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return unheard(plan, super.decide(plan, state, event));
    }

    private Decision unheard(SagaPlan plan, Decision decision) {
      return decision.next() instanceof Trying(_, Steps open, _) && open.intersects(plan.awaited())
          ? said(plan, decision.next(), open, Reply.Done.WITHOUT_DATA)
          : decision;
    }
  },
  TAKES_A_REVIEWERS_NO_FOR_CONSENT {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Trying(_, Steps open, _)
              && open.intersects(plan.awaited())
              && event instanceof Replied(_, _, Reply.Refused _)
          ? said(plan, state, open, Reply.Done.WITHOUT_DATA)
          : super.decide(plan, state, event);
    }
  },
  TAKES_TIME_THAT_PASSES_FOR_CONSENT {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Trying(_, Steps open, _)
              && open.intersects(plan.awaited())
              && event instanceof DeadlinePassed
          ? said(plan, state, open, Reply.Done.WITHOUT_DATA)
          : super.decide(plan, state, event);
    }
  },
  ASKS_WHOEVER_IS_AWAITED {
    @Override
    public Decision start(SagaPlan plan) {
      return SagaMachine.start(withoutAwaits(plan));
    }

    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return super.decide(withoutAwaits(plan), state, event);
    }
  },
  CANCELS_WHAT_IS_AWAITED {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Trying && !(event instanceof Replied)
          ? super.decide(withoutAwaits(plan), state, event)
          : super.decide(plan, state, event);
    }
  },
  WAITS_FOR_A_REVIEWER_FOR_EVER {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Trying(_, Steps open, _)
              && open.intersects(plan.awaited())
              && !(event instanceof Replied(_, _, Reply.Done _))
          ? Decision.ignored(state)
          : super.decide(plan, state, event);
    }
  },
  DOES_WHAT_CANNOT_BE_UNDONE_AMONG_THE_TRIES {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return super.decide(decidingAfter(plan, plan.stageCount()), state, event);
    }
  },
  DOES_WHAT_CANNOT_BE_UNDONE_BEFORE_ALL_HAVE_CONFIRMED {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Confirming(Steps open)
              && event instanceof Replied(int step, Phase phase, Reply.Done _)
              && phase == CONFIRM
              && open.contains(step)
          ? super.decide(plan, new Confirming(Steps.of(step)), event)
          : super.decide(plan, state, event);
    }
  },
  DOES_WHAT_CANNOT_BE_UNDONE_WITH_THE_CONFIRMS {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      var decision = super.decide(plan, state, event);
      return decision.next() instanceof Confirming && plan.decisionStage() < plan.stageCount()
          ? completing(plan, plan.decisionStage())
          : decision;
    }
  },
  DOES_WHAT_CANNOT_BE_UNDONE_AFTER_A_CANCEL {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      var decision = super.decide(plan, state, event);
      return decision.next() instanceof Cancelled && plan.decisionStage() < plan.stageCount()
          ? completing(plan, plan.decisionStage())
          : decision;
    }
  },
  ASKS_ALL_RETRIABLE_STAGES_AT_ONCE {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      var decision = super.decide(plan, state, event);
      return decision.next() instanceof Completing(int stage, _) && stage + 1 < plan.stageCount()
          ? new Decision(
              decision.next(), TRY, decision.to().with(plan.activeIn(stage + 1)), decision.kind())
          : decision;
    }
  },
  FORGETS_WHAT_IS_TO_BE_DONE_AFTER_THE_CONFIRMS {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      var decision = super.decide(plan, state, event);
      return decision.next() instanceof Completing ? Decision.moved(new Confirmed()) : decision;
    }
  },
  FIRST_RETRIABLE_STEP_ENDS_THE_SAGA {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      var decision = super.decide(plan, state, event);
      return state instanceof Completing && !state.equals(decision.next())
          ? Decision.moved(new Confirmed())
          : decision;
    }
  },
  TAKES_A_LATE_CONFIRM_FOR_A_RETRIABLE_STEPS_ANSWER {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Completing(_, Steps open)
              && event instanceof Replied(_, Phase phase, Reply.Done _)
              && phase == CONFIRM
          ? said(plan, state, open, Reply.Done.WITHOUT_DATA)
          : super.decide(plan, state, event);
    }
  },
  CUSTOMER_CANCELS_WHAT_CANNOT_BE_UNDONE {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Completing(_, Steps open) && event instanceof CancelRequested
          ? cancelling(open)
          : super.decide(plan, state, event);
    }
  },
  DEADLINE_ENDS_WHAT_CANNOT_BE_UNDONE {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Completing && event instanceof DeadlinePassed
          ? Decision.moved(new Confirmed())
          : super.decide(plan, state, event);
    }
  },
  NEVER_ASKS_A_RETRIABLE_STEP_AGAIN {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Completing && event instanceof ResendDue
          ? Decision.ignored(state)
          : super.decide(plan, state, event);
    }
  },
  CONFIRMS_A_RETRIABLE_STEP_INSTEAD_OF_ASKING_IT_AGAIN {
    @Override
    public Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
      return state instanceof Completing(_, Steps open) && event instanceof ResendDue
          ? Decision.resent(state, CONFIRM, open)
          : super.decide(plan, state, event);
    }
  },

  // The participant's guards.

  LEAVES_NO_TOMBSTONE {
    @Override
    public Fence entombed(Fence fence) {
      return fence;
    }
  },
  TRIES_IN_SPITE_OF_THE_TOMBSTONE {
    @Override
    public FenceMove next(FenceState state, boolean declined, Phase phase) {
      return state == FenceState.EMPTY && phase == TRY
          ? FenceMove.APPLY
          : super.next(state, declined, phase);
    }
  },
  DELETES_THE_TOMBSTONE_ONCE_IT_HAS_REFUSED_A_TRY {
    @Override
    public Fence afterLateTry(Fence fence) {
      return fence.state() == FenceState.EMPTY ? fence.in(null) : fence;
    }
  },
  DELETES_THE_FENCE_AFTER_A_CANCEL {
    @Override
    public List<Fence> byItself(Fence fence) {
      return fence.state() == FenceState.CANCELLED ? List.of(fence.in(null)) : List.of();
    }
  },
  DELETES_THE_FENCE_AFTER_A_CONFIRM {
    @Override
    public List<Fence> byItself(Fence fence) {
      return fence.state() == FenceState.CONFIRMED ? List.of(fence.in(null)) : List.of();
    }
  },
  FORGETS_ITS_REFUSAL {
    @Override
    public FenceMove next(FenceState state, boolean declined, Phase phase) {
      return state == FenceState.REFUSED && phase == TRY
          ? FenceMove.APPLY
          : super.next(state, declined, phase);
    }
  },
  HOLDS_AGAIN_FOR_A_REPEATED_TRY {
    @Override
    public FenceMove next(FenceState state, boolean declined, Phase phase) {
      return state == FenceState.TRIED && phase == TRY
          ? FenceMove.APPLY
          : super.next(state, declined, phase);
    }
  },
  DOES_AGAIN_WHAT_A_REPEATED_TRY_HAS_SETTLED {
    @Override
    public FenceMove next(FenceState state, boolean declined, Phase phase) {
      return state == FenceState.CONFIRMED && phase == TRY
          ? FenceMove.APPLY
          : super.next(state, declined, phase);
    }
  },
  ASKS_OUTSIDE_AGAIN_FOR_A_REPEATED_TRY {
    @Override
    public FenceMove next(FenceState state, boolean declined, Phase phase) {
      return state == FenceState.TRYING && phase == TRY
          ? FenceMove.APPLY
          : super.next(state, declined, phase);
    }
  },
  TAKES_AGAIN_FOR_A_REPEATED_CONFIRM {
    @Override
    public FenceMove next(FenceState state, boolean declined, Phase phase) {
      return state == FenceState.CONFIRMED && phase == CONFIRM
          ? FenceMove.APPLY
          : super.next(state, declined, phase);
    }
  },
  ASKS_OUTSIDE_AGAIN_FOR_A_REPEATED_CONFIRM {
    @Override
    public FenceMove next(FenceState state, boolean declined, Phase phase) {
      return state == FenceState.CONFIRMING && phase == CONFIRM
          ? FenceMove.APPLY
          : super.next(state, declined, phase);
    }
  },
  GIVES_BACK_AGAIN_FOR_A_REPEATED_CANCEL {
    @Override
    public FenceMove next(FenceState state, boolean declined, Phase phase) {
      return state == FenceState.CANCELLED && phase == CANCEL
          ? FenceMove.APPLY
          : super.next(state, declined, phase);
    }
  },
  TRIES_AFTER_A_CANCEL {
    @Override
    public FenceMove next(FenceState state, boolean declined, Phase phase) {
      return state == FenceState.CANCELLED && phase == TRY
          ? FenceMove.APPLY
          : super.next(state, declined, phase);
    }
  },
  CALLS_THE_CANCEL_OF_A_REFUSED_TRY_A_CONFLICT {
    @Override
    public FenceMove next(FenceState state, boolean declined, Phase phase) {
      return state == FenceState.REFUSED && phase == CANCEL
          ? FenceMove.CONFLICT
          : super.next(state, declined, phase);
    }
  },
  GIVES_BACK_WHAT_A_REFUSED_TRY_NEVER_HELD {
    @Override
    public FenceMove next(FenceState state, boolean declined, Phase phase) {
      return state == FenceState.REFUSED && phase == CANCEL
          ? FenceMove.APPLY
          : super.next(state, declined, phase);
    }

    @Override
    public int givenBack(Fence before) {
      return 1;
    }
  },
  ASKS_AGAIN_AFTER_A_DECLINED_CONFIRM {
    @Override
    public FenceMove next(FenceState state, boolean declined, Phase phase) {
      return state == FenceState.DECLINED && phase == CONFIRM
          ? FenceMove.APPLY
          : super.next(state, declined, phase);
    }
  },
  FORGETS_THAT_A_CONFIRM_WAS_DECLINED {
    @Override
    public FenceMove next(FenceState state, boolean declined, Phase phase) {
      return super.next(state, false, phase);
    }
  },
  CALLS_A_CANCEL_AMID_A_TRY_A_CONFLICT {
    @Override
    public FenceMove next(FenceState state, boolean declined, Phase phase) {
      return state == FenceState.TRYING && phase == CANCEL
          ? FenceMove.CONFLICT
          : super.next(state, declined, phase);
    }
  },
  SAYS_THAT_A_TRY_UNDER_WAY_IS_DONE {
    @Override
    public FenceMove next(FenceState state, boolean declined, Phase phase) {
      return state == FenceState.TRYING && phase == TRY
          ? FenceMove.REPEAT_DONE
          : super.next(state, declined, phase);
    }
  },
  SAYS_THAT_A_CONFIRM_UNDER_WAY_IS_DONE {
    @Override
    public FenceMove next(FenceState state, boolean declined, Phase phase) {
      return state == FenceState.CONFIRMING && phase == CONFIRM
          ? FenceMove.REPEAT_DONE
          : super.next(state, declined, phase);
    }
  },
  SAYS_THAT_A_CANCEL_UNDER_WAY_IS_DONE {
    @Override
    public FenceMove next(FenceState state, boolean declined, Phase phase) {
      return state == FenceState.CANCELLING && phase == CANCEL
          ? FenceMove.REPEAT_DONE
          : super.next(state, declined, phase);
    }
  },
  OUTSIDE_ANSWER_OVERTAKES_A_CANCEL {
    @Override
    public boolean lateAnswerMovesTheFence() {
      return true;
    }
  },
  DOES_NOT_ANSWER_A_REPEATED_COMMAND {
    @Override
    public boolean answersRepeats() {
      return false;
    }
  },
  LETS_A_RESERVATION_EXPIRE_BY_ITSELF {
    @Override
    public List<Fence> byItself(Fence fence) {
      return fence.state() == FenceState.TRIED
          ? List.of(fence.in(FenceState.CANCELLED).holding(-1))
          : List.of();
    }
  },
  ANSWERS_BEFORE_ITS_COMMIT {
    @Override
    public boolean answersWithItsCommit() {
      return false;
    }
  },
  SELLS_WHAT_IS_HELD_FOR_ANOTHER {
    @Override
    public int onOffer(int available, int heldInAll) {
      return available + heldInAll;
    }
  };

  static final Reason REASON = new Reason("ANY", "any reason");

  private static Decision cancelling(Steps open) {
    return open.isEmpty()
        ? Decision.moved(new Cancelled(REASON))
        : Decision.moved(new Cancelling(open, REASON), CANCEL, open);
  }

  /** As if the first of {@code open} had said so. */
  private static Decision said(SagaPlan plan, SagaState state, Steps open, Reply reply) {
    int first = Long.numberOfTrailingZeros(open.bits());
    return SagaMachine.decide(plan, state, new Replied(first, TRY, reply));
  }

  private static Decision completing(SagaPlan plan, int stage) {
    var open = plan.activeIn(stage);
    return Decision.moved(new Completing(stage, open), TRY, open);
  }

  private static SagaPlan withoutAwaits(SagaPlan plan) {
    return ((Plan) plan).awaiting(Steps.NONE);
  }

  private static SagaPlan decidingAfter(SagaPlan plan, int stage) {
    return new Plan(((Plan) plan).stages(), stage, plan.pivot(), plan.awaited());
  }

  private static Decision confirming(Steps open) {
    return open.isEmpty()
        ? Decision.moved(new Confirmed())
        : Decision.moved(new Confirming(open), CONFIRM, open);
  }
}
