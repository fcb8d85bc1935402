package io.holdfast.saga;

import static io.holdfast.saga.FenceState.CANCELLED;
import static io.holdfast.saga.FenceState.CANCELLING;
import static io.holdfast.saga.FenceState.CONFIRMED;
import static io.holdfast.saga.FenceState.CONFIRMING;
import static io.holdfast.saga.FenceState.DECLINED;
import static io.holdfast.saga.FenceState.EMPTY;
import static io.holdfast.saga.FenceState.REFUSED;
import static io.holdfast.saga.FenceState.TRIED;
import static io.holdfast.saga.FenceState.TRYING;

import io.holdfast.saga.SagaState.Cancelled;
import io.holdfast.saga.SagaState.Cancelling;
import io.holdfast.saga.SagaState.Completing;
import io.holdfast.saga.SagaState.Confirmed;
import io.holdfast.saga.SagaState.Confirming;
import io.holdfast.saga.SagaState.Pivoting;
import io.holdfast.saga.SagaState.Trying;
import io.holdfast.saga.Scenario.Nature;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What must hold in every state and on every move. Written without a look at how it is achieved.
 */
final class Invariants {

  private static final Set<FenceState> UNDONE = EnumSet.of(CANCELLED, CANCELLING, REFUSED, EMPTY);
  private static final Set<FenceState> KEPT = EnumSet.of(TRIED, CONFIRMING, CONFIRMED);

  private Invariants() {}

  /** One saga and its participants, at any time. */
  static void check(Plan plan, SagaState saga, List<Fence> fences) {
    for (int step = 0; step < fences.size(); step++) {
      var fence = fences.get(step);
      checkEffects(fence);
      checkAgainstDecision(plan, saga, step, fence);
    }
    var states =
        IntStream.range(0, fences.size())
            .filter(step -> !plan.awaited().contains(step))
            .mapToObj(fences::get)
            .map(Fence::state)
            .toList();
    require(
        "A1: not confirmed here and undone there",
        !states.contains(CONFIRMED) || UNDONE.stream().noneMatch(states::contains),
        saga,
        fences);
  }

  private static void checkEffects(Fence fence) {
    require(
        "E: each participant tries, confirms and cancels at most once",
        fence.tries() <= 1 && fence.confirms() <= 1 && fence.cancels() <= 1,
        fence);
    boolean holds =
        switch (fence.state()) {
          case TRIED, CONFIRMING, DECLINED -> true;
          case CANCELLING -> fence.held() == 1;
          case null -> false;
          case TRYING, REFUSED, CONFIRMED, CANCELLED, EMPTY -> false;
        };
    require("R: held is what the fence says", fence.held() == (holds ? 1 : 0), fence);
  }

  private static void checkAgainstDecision(Plan plan, SagaState saga, int step, Fence fence) {
    boolean active = plan.active().contains(step);
    boolean pivot = plan.pivot().contains(step);
    var state = fence.state();
    if (!active) {
      // A reviewer may say something unasked.
      require(
          "a step that takes no part is never asked",
          state == null || plan.awaited().contains(step),
          saga,
          step,
          fence);
      return;
    }
    if (plan.awaited().contains(step)) {
      require(
          "nobody goes on without the word that was awaited",
          state == CONFIRMED || !goneOn(saga, plan.stageOf(step)),
          saga,
          step,
          fence);
      return;
    }
    if (plan.stageOf(step) >= plan.decisionStage()) {
      checkRetriable(plan.stageOf(step), saga, step, fence);
      return;
    }
    if (saga instanceof Trying(int stage, _, _) && plan.stageOf(step) > stage) {
      require("a stage is asked when the one before it has answered", state == null, saga, fence);
    }
    switch (saga) {
      case Trying _ ->
          require(
              "A2: nothing is confirmed or cancelled before the decision",
              state == null || state == TRYING || state == TRIED || state == REFUSED,
              saga,
              step,
              fence);
      case Pivoting _ ->
          require(
              "A4: the pivot is asked when all are held, and first",
              state == TRIED || (pivot && (KEPT.contains(state) || state == DECLINED)),
              saga,
              step,
              fence);
      case Confirming _ ->
          require(
              "A4: the decision to confirm finds all held, and the pivot confirmed",
              state != null && KEPT.contains(state) && (!pivot || state == CONFIRMED),
              saga,
              step,
              fence);
      case Cancelling _ ->
          require(
              "A2: nothing is confirmed after the decision to cancel",
              state != CONFIRMED && state != CONFIRMING,
              saga,
              step,
              fence);
      case Completing _, Confirmed _ ->
          require("A5: confirmed means all confirmed", state == CONFIRMED, saga, step, fence);
      case Cancelled _ ->
          require(
              "A5: cancelled means nothing held or taken anywhere",
              state == null || state == REFUSED || state == CANCELLED || state == EMPTY,
              saga,
              step,
              fence);
    }
  }

  /** Whether the saga has got past {@code stage}, other than by cancelling. */
  private static boolean goneOn(SagaState saga, int stage) {
    return switch (saga) {
      case Trying(int reached, _, _) -> reached > stage;
      case Pivoting _, Confirming _, Completing _, Confirmed _ -> true;
      case Cancelling _, Cancelled _ -> false;
    };
  }

  private static void checkRetriable(int stage, SagaState saga, int step, Fence fence) {
    var state = fence.state();
    switch (saga) {
      case Trying _, Pivoting _, Confirming _, Cancelling _, Cancelled _ ->
          require(
              "what can't be undone is asked only when all have confirmed",
              state == null,
              saga,
              step,
              fence);
      case Completing(int reached, Steps open) -> {
        require(
            "a retriable step is asked when its stage has come",
            state == null || stage <= reached,
            saga,
            step,
            fence);
        require(
            "a retriable step that is not open is done",
            state == CONFIRMED || stage > reached || open.contains(step),
            saga,
            step,
            fence);
      }
      case Confirmed _ ->
          require("A5: confirmed means all is done", state == CONFIRMED, saga, step, fence);
    }
  }

  /** The shared stock of one unit, at any time. */
  static void checkStock(int available, List<SagaState> sagas, List<Fence> fences) {
    int held = fences.stream().mapToInt(Fence::held).sum();
    long sold = fences.stream().filter(fence -> fence.state() == CONFIRMED).count();
    require("N: never sold short", available >= 0, available, fences);
    require("S: no unit is made or lost", available + held + sold == 1, available, fences);
    require(
        "one unit is sold once",
        sagas.stream().filter(s -> s instanceof Confirming || s instanceof Confirmed).count() <= 1,
        sagas);
  }

  /** A saga only moves forwards, and what it decided stays decided. */
  static void checkMove(SagaState before, SagaState after) {
    boolean forwards =
        before.equals(after)
            || switch (before) {
              case Trying(int stage, Steps open, Steps held) ->
                  switch (after) {
                    case Trying next ->
                        held.without(next.held()).isEmpty()
                            && (next.stage() > stage
                                || (next.stage() == stage
                                    && next.held().bits() != held.bits()
                                    && next.open().without(open).isEmpty()));
                    case Pivoting _,
                        Confirming _,
                        Completing _,
                        Cancelling _,
                        Confirmed _,
                        Cancelled _ ->
                        true;
                  };
              case Pivoting _ -> !(after instanceof Trying);
              case Confirming(Steps open) ->
                  switch (after) {
                    case Confirming next -> next.open().without(open).isEmpty();
                    case Completing _, Confirmed _ -> true;
                    case Trying _, Pivoting _, Cancelling _, Cancelled _ -> false;
                  };
              case Completing(int stage, Steps open) ->
                  switch (after) {
                    case Completing next ->
                        next.stage() > stage
                            || (next.stage() == stage && next.open().without(open).isEmpty());
                    case Confirmed _ -> true;
                    case Trying _, Pivoting _, Confirming _, Cancelling _, Cancelled _ -> false;
                  };
              case Cancelling(Steps open, _) ->
                  switch (after) {
                    case Cancelling next -> next.open().without(open).isEmpty();
                    case Cancelled _ -> true;
                    case Trying _, Pivoting _, Confirming _, Completing _, Confirmed _ -> false;
                  };
              case Confirmed _, Cancelled _ -> false;
            };
    require("A3, O: a saga moves forwards and decides once", forwards, before, after);
  }

  /** A fence only moves forwards, and its row stays. */
  static void checkMove(Set<Nature> nature, Fence before, Fence after) {
    var from = before.state();
    var to = after.state();
    boolean doneAtOnce = nature.contains(Nature.SETTLES) || nature.contains(Nature.SIGNALS);
    boolean forwards =
        from == to
            || switch (from) {
              case null ->
                  to == TRYING
                      || to == TRIED
                      || to == REFUSED
                      || to == EMPTY
                      || (to == CONFIRMED && doneAtOnce);
              case TRYING ->
                  to == TRIED
                      || to == REFUSED
                      || to == CANCELLING
                      || to == CANCELLED
                      || (to == CONFIRMED && doneAtOnce);
              case TRIED ->
                  to == CONFIRMING
                      || to == CONFIRMED
                      || to == DECLINED
                      || to == CANCELLING
                      || to == CANCELLED;
              case CONFIRMING -> to == CONFIRMED || to == DECLINED;
              case DECLINED -> to == CANCELLING || to == CANCELLED;
              case CANCELLING -> to == CANCELLED;
              case REFUSED, CONFIRMED, CANCELLED, EMPTY -> false;
            };
    require("O: a fence moves forwards and is never deleted", forwards, before, after);
  }

  private static void require(String rule, boolean holds, Object... seen) {
    if (!holds) {
      throw new Violation(rule, List.of(seen).toString());
    }
  }
}
