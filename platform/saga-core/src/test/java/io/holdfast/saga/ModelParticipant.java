package io.holdfast.saga;

import static io.holdfast.contracts.Phase.CANCEL;
import static io.holdfast.contracts.Phase.CONFIRM;
import static io.holdfast.contracts.Phase.TRY;
import static io.holdfast.saga.FenceState.CANCELLED;
import static io.holdfast.saga.FenceState.CANCELLING;
import static io.holdfast.saga.FenceState.CONFIRMED;
import static io.holdfast.saga.FenceState.CONFIRMING;
import static io.holdfast.saga.FenceState.REFUSED;
import static io.holdfast.saga.FenceState.TRIED;
import static io.holdfast.saga.FenceState.TRYING;

import io.holdfast.contracts.Phase;
import io.holdfast.saga.Scenario.Nature;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All that a participant can do next, for every choice that it has. */
record ModelParticipant(Protocol protocol, Set<Nature> nature, boolean drawsFromStock) {

  /**
   * One of the things that can follow.
   *
   * @param fence the row and the domain from now on
   * @param answered phase that is answered, null: nothing is said
   * @param refused whether the answer is a refusal
   * @param stock change of what is available in the shared stock
   */
  record Outcome(Fence fence, @Nullable Phase answered, boolean refused, int stock) {

    static Outcome done(Fence fence, Phase phase) {
      return new Outcome(fence, phase, false, 0);
    }

    static Outcome refused(Fence fence, Phase phase) {
      return new Outcome(fence, phase, true, 0);
    }

    static Outcome silent(Fence fence) {
      return new Outcome(fence, null, false, 0);
    }

    Outcome taking(int units) {
      return new Outcome(fence, answered, refused, -units);
    }
  }

  /** What can follow from a command. {@code onOffer} counts only where the stock is shared. */
  List<Outcome> handle(Fence fence, Phase phase, int onOffer) {
    if (nature.contains(Nature.SIGNALS)) {
      throw new Violation("whoever is awaited is never asked", phase + " for " + fence);
    }
    var state = fence.state();
    var move =
        state == null ? protocol.first(phase) : protocol.next(state, fence.declined(), phase);
    return switch (move) {
      case APPLY -> ask(fence, phase, onOffer);
      case ENTOMB -> List.of(Outcome.done(protocol.entombed(fence), phase));
      case REPEAT_DONE ->
          List.of(protocol.answersRepeats() ? Outcome.done(fence, phase) : Outcome.silent(fence));
      case REPEAT_REFUSED -> List.of(Outcome.refused(fence, phase));
      case REFUSE_LATE_TRY -> List.of(Outcome.refused(protocol.afterLateTry(fence), phase));
      case AWAIT -> List.of(Outcome.silent(fence));
      case MISSING_TRY, CONFLICT ->
          throw new Violation(
              "no conflict", "the fence answers %s to %s in %s".formatted(move, phase, fence));
    };
  }

  private List<Outcome> ask(Fence before, Phase phase, int onOffer) {
    var outcomes = new ArrayList<>(answers(before.asked(phase), phase, onOffer));
    if (nature.contains(Nature.ASYNC)) {
      var pending =
          switch (phase) {
            case TRY -> TRYING;
            case CONFIRM -> CONFIRMING;
            case CANCEL -> CANCELLING;
          };
      outcomes.add(Outcome.silent(before.asked(phase).in(pending)));
    }
    return outcomes;
  }

  /** What can follow from an answer of the outside world, which may come any time. */
  List<Outcome> settle(Fence fence) {
    if (nature.contains(Nature.SIGNALS)) {
      return signals(fence);
    }
    return switch (fence.state()) {
      case TRYING -> answers(fence, TRY, 1);
      case CONFIRMING -> answers(fence, CONFIRM, 1);
      case CANCELLING -> {
        var outcomes = new ArrayList<>(answers(fence, CANCEL, 1));
        if (protocol.lateAnswerMovesTheFence() && fence.held() == 0) {
          outcomes.add(Outcome.done(fence.in(TRIED).holding(1), TRY));
        }
        yield outcomes;
      }
      case null -> List.of();
      case TRIED, REFUSED, CONFIRMED, DECLINED, CANCELLED, EMPTY -> List.of();
    };
  }

  /** Its word stands; it may be said again. */
  private static List<Outcome> signals(Fence fence) {
    var yes = Outcome.done(fence.in(CONFIRMED), TRY);
    var no = Outcome.refused(fence.in(REFUSED), TRY);
    return switch (fence.state()) {
      case CONFIRMED -> List.of(yes);
      case REFUSED -> List.of(no);
      case null -> List.of(yes, no);
      case TRYING, TRIED, CONFIRMING, DECLINED, CANCELLING, CANCELLED, EMPTY ->
          throw new IllegalStateException("a reviewer is never " + fence);
    };
  }

  private List<Outcome> answers(Fence fence, Phase phase, int onOffer) {
    var outcomes = new ArrayList<Outcome>();
    switch (phase) {
      case TRY -> {
        if (nature.contains(Nature.SETTLES)) {
          return List.of(Outcome.done(fence.in(CONFIRMED), TRY));
        }
        if (!drawsFromStock || onOffer > 0) {
          outcomes.add(
              Outcome.done(fence.in(TRIED).holding(1), TRY).taking(drawsFromStock ? 1 : 0));
        }
        if (drawsFromStock ? onOffer <= 0 : nature.contains(Nature.REFUSES)) {
          outcomes.add(Outcome.refused(fence.in(REFUSED), TRY));
        }
      }
      case CONFIRM -> {
        outcomes.add(Outcome.done(fence.in(CONFIRMED).holding(-1), CONFIRM));
        if (nature.contains(Nature.DECLINES)) {
          outcomes.add(Outcome.refused(fence.declining(), CONFIRM));
        }
      }
      case CANCEL -> {
        int back = protocol.givenBack(fence);
        outcomes.add(
            Outcome.done(fence.in(CANCELLED).holding(-back), CANCEL)
                .taking(drawsFromStock ? -back : 0));
      }
    }
    return outcomes;
  }
}
