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

/**
 * The saga's transition function: total over (state, event), pure, and the only place where a saga
 * is decided.
 *
 * <p>The rules, for every order in which messages can arrive, repeat or be lost: a saga confirms
 * only when every active step holds its reservation; it decides once; after the decision it asks
 * until everybody has acknowledged, and only then for what can't be undone. A step that is awaited
 * is waited for like any other, but it is never asked for anything.
 */
public final class SagaMachine {

  private SagaMachine() {}

  /** The first decision of a saga. */
  public static Decision start(SagaPlan plan) {
    return enterStage(plan, 0, Steps.NONE);
  }

  public static Decision decide(SagaPlan plan, SagaState state, SagaEvent event) {
    // A participant that met a contradiction is heard in every state, also late or repeated.
    if (event instanceof Replied(_, _, Reply.Conflict _)) {
      return Decision.conflict(state);
    }
    return switch (state) {
      case Trying trying -> whileTrying(plan, trying, event);
      case Pivoting pivoting -> whilePivoting(plan, pivoting, event);
      case Confirming confirming -> whileConfirming(plan, confirming, event);
      case Completing completing -> whileCompleting(plan, completing, event);
      case Cancelling cancelling -> whileCancelling(cancelling, event);
      case Confirmed confirmed -> onceEnded(confirmed, CANCEL, event);
      case Cancelled cancelled -> onceEnded(cancelled, CONFIRM, event);
    };
  }

  private static Decision whileTrying(SagaPlan plan, Trying state, SagaEvent event) {
    return switch (event) {
      case Replied(int step, Phase phase, Reply reply)
          when phase == TRY && state.open().contains(step) ->
          switch (reply) {
            case Reply.Done _ -> held(plan, state, Steps.of(step));
            case Reply.Refused(Reason reason) ->
                cancel(plan, state.held().with(state.open()).without(Steps.of(step)), reason);
            case Reply.Conflict _ -> Decision.conflict(state);
          };
      case Replied(_, Phase phase, _) ->
          phase == TRY ? Decision.ignored(state) : Decision.conflict(state);
      case DeadlinePassed _ ->
          cancel(
              plan,
              state.held().with(state.open()),
              state.open().intersects(plan.awaited())
                  ? Reason.NOT_ANSWERED_IN_TIME
                  : Reason.DEADLINE_PASSED);
      case CancelRequested(Reason reason) -> cancel(plan, state.held().with(state.open()), reason);
      case ResendDue _ -> Decision.resent(state, TRY, state.open().without(plan.awaited()));
    };
  }

  private static Decision whilePivoting(SagaPlan plan, Pivoting state, SagaEvent event) {
    return switch (event) {
      case Replied(int step, Phase phase, Reply reply)
          when phase == CONFIRM && plan.pivot().contains(step) ->
          switch (reply) {
            case Reply.Done _ -> confirm(plan, state.held().without(plan.pivot()));
            case Reply.Refused(Reason reason) -> cancel(plan, state.held(), reason);
            case Reply.Conflict _ -> Decision.conflict(state);
          };
      case Replied(_, Phase phase, _) ->
          phase == TRY ? Decision.ignored(state) : Decision.conflict(state);
      case DeadlinePassed _, CancelRequested _ -> Decision.ignored(state);
      case ResendDue _ -> Decision.resent(state, CONFIRM, plan.pivot());
    };
  }

  private static Decision whileConfirming(SagaPlan plan, Confirming state, SagaEvent event) {
    return switch (event) {
      case Replied(int step, Phase phase, Reply reply)
          when phase == CONFIRM && state.open().contains(step) ->
          switch (reply) {
            case Reply.Done _ -> acknowledged(plan, state, Steps.of(step));
            case Reply.Refused _, Reply.Conflict _ -> Decision.conflict(state);
          };
      case Replied(_, Phase phase, _) ->
          phase == CANCEL ? Decision.conflict(state) : Decision.ignored(state);
      case DeadlinePassed _, CancelRequested _ -> Decision.ignored(state);
      case ResendDue _ -> Decision.resent(state, CONFIRM, state.open());
    };
  }

  private static Decision whileCompleting(SagaPlan plan, Completing state, SagaEvent event) {
    return switch (event) {
      case Replied(int step, Phase phase, Reply reply)
          when phase == TRY && state.open().contains(step) ->
          switch (reply) {
            case Reply.Done _ -> done(plan, state, Steps.of(step));
            case Reply.Refused _, Reply.Conflict _ -> Decision.conflict(state);
          };
      case Replied(_, Phase phase, _) ->
          phase == CANCEL ? Decision.conflict(state) : Decision.ignored(state);
      case DeadlinePassed _, CancelRequested _ -> Decision.ignored(state);
      case ResendDue _ -> Decision.resent(state, TRY, state.open());
    };
  }

  private static Decision whileCancelling(Cancelling state, SagaEvent event) {
    return switch (event) {
      case Replied(int step, Phase phase, Reply reply)
          when phase == CANCEL && state.open().contains(step) ->
          switch (reply) {
            case Reply.Done _ -> acknowledged(state, Steps.of(step));
            case Reply.Refused _, Reply.Conflict _ -> Decision.conflict(state);
          };
      case Replied(_, Phase phase, Reply reply) ->
          phase == CONFIRM && reply instanceof Reply.Done
              ? Decision.conflict(state)
              : Decision.ignored(state);
      case DeadlinePassed _, CancelRequested _ -> Decision.ignored(state);
      case ResendDue _ -> Decision.resent(state, CANCEL, state.open());
    };
  }

  /** A late answer changes nothing; one that says the opposite was done is a contradiction. */
  private static Decision onceEnded(SagaState state, Phase opposite, SagaEvent event) {
    return switch (event) {
      case Replied(_, Phase phase, Reply.Done _) when phase == opposite -> Decision.conflict(state);
      case Replied _, DeadlinePassed _, CancelRequested _, ResendDue _ -> Decision.ignored(state);
    };
  }

  private static Decision held(SagaPlan plan, Trying state, Steps step) {
    var open = state.open().without(step);
    var held = state.held().with(step.without(plan.awaited()));
    return open.isEmpty()
        ? enterStage(plan, state.stage() + 1, held)
        : Decision.moved(new Trying(state.stage(), open, held));
  }

  /** Enters {@code stage}, or the next one with anything to do, or decides when none is left. */
  private static Decision enterStage(SagaPlan plan, int stage, Steps held) {
    for (int next = stage; next < plan.decisionStage(); next++) {
      var active = plan.activeIn(next);
      if (!active.isEmpty()) {
        var asked = active.without(plan.awaited());
        return Decision.moved(new Trying(next, active, held), TRY, asked);
      }
    }
    return held.intersects(plan.pivot())
        ? Decision.moved(new Pivoting(held), CONFIRM, plan.pivot())
        : confirm(plan, held);
  }

  private static Decision confirm(SagaPlan plan, Steps open) {
    return open.isEmpty()
        ? complete(plan, plan.decisionStage())
        : Decision.moved(new Confirming(open), CONFIRM, open);
  }

  /** Asks for {@code stage} of what may only succeed, or the next one, or ends. */
  private static Decision complete(SagaPlan plan, int stage) {
    for (int next = stage; next < plan.stageCount(); next++) {
      var active = plan.activeIn(next);
      if (!active.isEmpty()) {
        return Decision.moved(new Completing(next, active), TRY, active);
      }
    }
    return Decision.moved(new Confirmed());
  }

  /**
   * Also for steps that have not answered their try: their tombstone refuses a try that is still on
   * its way. What is only awaited knows of nothing to cancel.
   */
  private static Decision cancel(SagaPlan plan, Steps steps, Reason reason) {
    var open = steps.without(plan.awaited());
    return open.isEmpty()
        ? Decision.moved(new Cancelled(reason))
        : Decision.moved(new Cancelling(open, reason), CANCEL, open);
  }

  private static Decision acknowledged(SagaPlan plan, Confirming state, Steps step) {
    var open = state.open().without(step);
    return open.isEmpty()
        ? complete(plan, plan.decisionStage())
        : Decision.moved(new Confirming(open));
  }

  private static Decision done(SagaPlan plan, Completing state, Steps step) {
    var open = state.open().without(step);
    return open.isEmpty()
        ? complete(plan, state.stage() + 1)
        : Decision.moved(new Completing(state.stage(), open));
  }

  private static Decision acknowledged(Cancelling state, Steps step) {
    var open = state.open().without(step);
    return Decision.moved(
        open.isEmpty() ? new Cancelled(state.reason()) : new Cancelling(open, state.reason()));
  }
}
