package io.holdfast.participant;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.Reply;
import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.RedoBatch;
import io.holdfast.saga.FenceMove;
import io.holdfast.saga.FenceState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Folds the commands of one batch into the fences, in order and in memory, so that every fence is
 * written at most once however many of its commands a batch carries.
 */
final class FenceFold<T, H> {

  private static final Reason LATE_TRY =
      Reason.of(Code.STEP_CANCELLED, "this step was cancelled before: a late try holds nothing");
  private static final Reason OTHER_REQUEST =
      Reason.of(Code.OTHER_REQUEST, "the same saga has tried this step with another request");
  private static final Reason MISSING_TRY =
      Reason.of(Code.MISSING_TRY, "confirm of a step that was never tried");

  private final Map<SagaId, Fence<H>> stored;
  private final Map<SagaId, Fence<H>> current;
  private final Map<SagaId, Fence<H>> written = new LinkedHashMap<>();
  private final Reservations<T, H> reservations;
  private final boolean tryIsMissing;

  /**
   * @param stored fences as they were loaded
   * @param tryIsMissing whether a try that is not known is not late but missing for good
   */
  FenceFold(Map<SagaId, Fence<H>> stored, Reservations<T, H> reservations, boolean tryIsMissing) {
    this.stored = stored;
    this.current = new HashMap<>(stored);
    this.reservations = reservations;
    this.tryIsMissing = tryIsMissing;
  }

  /**
   * Applies one command.
   *
   * @return its answer; null if that will follow
   * @throws RedoBatch if the try that it builds on may not be visible yet
   */
  @Nullable Reply apply(Command<T> command) {
    var fence = current.get(command.sagaId());
    if (fence == null) {
      return first(command);
    }
    if (isOtherRequest(fence, command)) {
      return new Reply.Conflict(OTHER_REQUEST);
    }
    var move = FenceMove.next(fence.state(), fence.declined(), command.phase());
    return switch (move) {
      case APPLY -> advance(fence, command);
      case REPEAT_DONE -> done(fence, command.phase());
      case REPEAT_REFUSED -> new Reply.Refused(reasonOf(fence));
      case REFUSE_LATE_TRY -> new Reply.Refused(LATE_TRY);
      case AWAIT -> {
        put(fence.moved(fence.state(), command.answering()));
        yield null;
      }
      case CONFLICT -> new Reply.Conflict(contradiction(fence, command.phase()));
      case ENTOMB, MISSING_TRY ->
          throw new IllegalStateException(move + " is a move of a step that is not known");
    };
  }

  private @Nullable Reply first(Command<T> command) {
    var move = FenceMove.first(command.phase());
    return switch (move) {
      case APPLY -> tryFirst(command);
      case ENTOMB -> {
        put(fence(command, FenceState.EMPTY, null, null, null));
        yield Reply.Done.WITHOUT_DATA;
      }
      case MISSING_TRY -> {
        if (!tryIsMissing) {
          throw new RedoBatch("the try of saga " + command.sagaId() + " is not visible");
        }
        yield new Reply.Conflict(MISSING_TRY);
      }
      case REPEAT_DONE, REPEAT_REFUSED, REFUSE_LATE_TRY, AWAIT, CONFLICT ->
          throw new IllegalStateException(move + " is no move of a step that is not known");
    };
  }

  private @Nullable Reply tryFirst(Command<T> command) {
    var request = command.request();
    if (request == null) {
      throw new IllegalStateException("a try without a request: " + command.sagaId());
    }
    return switch (reservations.hold(command.sagaId(), request)) {
      case TryOutcome.Held<H>(var hold, var data) -> {
        var json = data == null ? null : Json.text(data);
        put(fence(command, FenceState.TRIED, hold, json, null));
        yield new Reply.Done(json);
      }
      case TryOutcome.Settled<H>(var data) -> {
        var json = data == null ? null : Json.text(data);
        put(fence(command, FenceState.CONFIRMED, null, json, null));
        yield new Reply.Done(json);
      }
      case TryOutcome.Refused<H>(var reason) -> {
        put(fence(command, FenceState.REFUSED, null, null, reason));
        yield new Reply.Refused(reason);
      }
      case TryOutcome.Pending<H>(var hold) -> {
        put(fence(command, FenceState.TRYING, hold, null, null));
        yield null;
      }
    };
  }

  private @Nullable Reply advance(Fence<H> fence, Command<T> command) {
    return switch (command.phase()) {
      case TRY -> throw new IllegalStateException("a step is tried once: " + command.sagaId());
      case CONFIRM -> confirm(fence, command);
      case CANCEL -> cancel(fence, command);
    };
  }

  private @Nullable Reply confirm(Fence<H> fence, Command<T> command) {
    return switch (reservations.confirm(fence.sagaId(), holdOf(fence))) {
      case ConfirmOutcome.Confirmed _ -> {
        put(fence.moved(FenceState.CONFIRMED, command.answering()));
        yield Reply.Done.WITHOUT_DATA;
      }
      case ConfirmOutcome.Declined(var reason) -> {
        put(fence.declined(reason, command.answering()));
        yield new Reply.Refused(reason);
      }
      case ConfirmOutcome.Pending _ -> {
        put(fence.moved(FenceState.CONFIRMING, command.answering()));
        yield null;
      }
    };
  }

  private @Nullable Reply cancel(Fence<H> fence, Command<T> command) {
    return switch (reservations.cancel(fence.sagaId(), holdOf(fence))) {
      case CancelOutcome.Cancelled _ -> {
        put(fence.moved(FenceState.CANCELLED, command.answering()));
        yield Reply.Done.WITHOUT_DATA;
      }
      case CancelOutcome.Pending _ -> {
        put(fence.moved(FenceState.CANCELLING, command.answering()));
        yield null;
      }
    };
  }

  private static <H> Reply done(Fence<H> fence, Phase phase) {
    return switch (phase) {
      case TRY -> new Reply.Done(fence.data());
      case CONFIRM, CANCEL -> Reply.Done.WITHOUT_DATA;
    };
  }

  private static <H> boolean isOtherRequest(Fence<H> fence, Command<?> command) {
    return command.phase() == Phase.TRY
        && fence.requestHash() != null
        && !Arrays.equals(fence.requestHash(), command.requestHash());
  }

  private static <H> Reason contradiction(Fence<H> fence, Phase phase) {
    return Reason.of(Code.CONTRADICTS_FENCE, phase + " of a step that is " + fence.state());
  }

  private static <H> Reason reasonOf(Fence<H> fence) {
    var reason = fence.reason();
    if (reason == null) {
      throw new IllegalStateException(fence.state() + " without a reason: " + fence.sagaId());
    }
    return reason;
  }

  private static <H> H holdOf(Fence<H> fence) {
    var hold = fence.hold();
    if (hold == null) {
      throw new IllegalStateException(fence.state() + " without a hold: " + fence.sagaId());
    }
    return hold;
  }

  private Fence<H> fence(
      Command<T> command,
      FenceState state,
      @Nullable H hold,
      @Nullable String data,
      @Nullable Reason reason) {
    return new Fence<>(
        command.sagaId(),
        state,
        hold,
        data,
        reason,
        false,
        command.requestHash(),
        command.answering());
  }

  private void put(Fence<H> fence) {
    current.put(fence.sagaId(), fence);
    written.put(fence.sagaId(), fence);
  }

  /** Fences that were not stored before. */
  List<Fence<H>> added() {
    var added = new ArrayList<>(written.values());
    added.removeIf(fence -> stored.containsKey(fence.sagaId()));
    return added;
  }

  /** Stored fences that are different now. */
  List<Fence<H>> changed() {
    var changed = new ArrayList<>(written.values());
    changed.removeIf(fence -> !stored.containsKey(fence.sagaId()));
    return changed;
  }
}
