package io.holdfast.participant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.Reply;
import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.RedoBatch;
import io.holdfast.messaging.TraceParent;
import io.holdfast.messaging.UuidV7;
import io.holdfast.saga.FenceState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class FenceFoldTest {

  private static final Reason DECLINED = new Reason("DECLINED", "the outside world said no");
  private static final SagaId SAGA = new SagaId(UuidV7.next());

  private final Outside outside = new Outside();

  @Test
  @Tag("F17")
  void foldsAllCommandsOfASagaIntoOneNewFence() {
    var fold = fold(Map.of(), false);

    fold.apply(command(Phase.TRY, "a"));
    fold.apply(command(Phase.CONFIRM, null));

    assertThat(fold.added()).extracting(Fence::state).containsExactly(FenceState.CONFIRMED);
    assertThat(fold.changed()).isEmpty();
    assertThat(outside.calls).containsExactly("hold", "confirm");
  }

  @Test
  void repetitionChangesNoFence() {
    var stored = stored(Phase.TRY);

    var fold = fold(stored, false);
    var reply = fold.apply(command(Phase.TRY, "a"));

    assertThat(reply).isEqualTo(new Reply.Done("\"data\""));
    assertThat(fold.added()).isEmpty();
    assertThat(fold.changed()).isEmpty();
  }

  @Test
  void confirmWhoseTryIsNotVisibleIsRedone() {
    var fold = fold(Map.of(), false);

    assertThatExceptionOfType(RedoBatch.class)
        .isThrownBy(() -> fold.apply(command(Phase.CONFIRM, null)));
  }

  @Test
  @Tag("F5")
  void confirmWhoseTryIsMissingIsAConflictWithoutAFence() {
    var fold = fold(Map.of(), true);

    var reply = fold.apply(command(Phase.CONFIRM, null));

    assertThat(reply).isInstanceOf(Reply.Conflict.class);
    assertThat(fold.added()).isEmpty();
  }

  @Test
  void tryUnderWayIsAnsweredLaterAndToTheNewestCommand() {
    outside.isPending = true;
    var stored = stored(Phase.TRY);
    var repeated = command(Phase.TRY, "a");

    var fold = fold(stored, false);
    var reply = fold.apply(repeated);

    assertThat(reply).isNull();
    assertThat(fold.changed())
        .singleElement()
        .satisfies(
            fence -> {
              assertThat(fence.state()).isEqualTo(FenceState.TRYING);
              assertThat(fence.answering()).isEqualTo(repeated.answering());
            });
    assertThat(outside.calls).containsExactly("hold");
  }

  @Test
  void cancelOfATryUnderWayReachesTheDomain() {
    outside.isPending = true;
    var fold = fold(stored(Phase.TRY), false);

    var reply = fold.apply(command(Phase.CANCEL, null));

    assertThat(reply).isNull();
    assertThat(fold.changed()).extracting(Fence::state).containsExactly(FenceState.CANCELLING);
    assertThat(outside.calls).containsExactly("hold", "cancel");
  }

  @Test
  void settledTryIsConfirmedWithoutAHold() {
    outside.settles = true;
    var stored = stored(Phase.TRY);
    var fold = fold(stored, false);

    var again = fold.apply(command(Phase.TRY, "a"));
    var cancelled = fold.apply(command(Phase.CANCEL, null));

    assertThat(stored.get(SAGA))
        .returns(FenceState.CONFIRMED, Fence::state)
        .returns(null, Fence::hold);
    assertThat(again).isEqualTo(new Reply.Done("\"data\""));
    assertThat(cancelled).isInstanceOf(Reply.Conflict.class);
    assertThat(outside.calls).containsExactly("hold");
  }

  @Test
  void declinedConfirmStaysDeclinedAfterTheCancel() {
    outside.declines = true;
    var fold = fold(stored(Phase.TRY), false);

    var first = fold.apply(command(Phase.CONFIRM, null));
    fold.apply(command(Phase.CANCEL, null));
    var again = fold.apply(command(Phase.CONFIRM, null));

    assertThat(first).isEqualTo(new Reply.Refused(DECLINED));
    assertThat(again).isEqualTo(first);
    assertThat(fold.changed()).extracting(Fence::state).containsExactly(FenceState.CANCELLED);
    assertThat(outside.calls).containsExactly("hold", "confirm", "cancel");
  }

  @Test
  @Tag("F14")
  void tryWithAnotherBodyIsAConflict() {
    var fold = fold(stored(Phase.TRY), false);

    var reply = fold.apply(command(Phase.TRY, "b"));

    assertThat(reply).isInstanceOf(Reply.Conflict.class);
    assertThat(fold.changed()).isEmpty();
  }

  private Map<SagaId, Fence<String>> stored(Phase phase) {
    var fold = fold(Map.of(), false);
    fold.apply(command(phase, "a"));
    var stored = new HashMap<SagaId, Fence<String>>();
    fold.added().forEach(fence -> stored.put(fence.sagaId(), fence));
    return stored;
  }

  private FenceFold<String, String> fold(Map<SagaId, Fence<String>> stored, boolean tryIsMissing) {
    return new FenceFold<>(stored, outside, tryIsMissing);
  }

  private static Command<String> command(Phase phase, @Nullable String request) {
    return new Command<>(
        SAGA,
        phase,
        request,
        request == null ? null : new byte[] {(byte) request.charAt(0)},
        new Fence.Answering(UuidV7.next(), 1, TraceParent.random()));
  }

  /** A domain that writes down what it is asked. */
  private static final class Outside implements Reservations<String, String> {

    final List<String> calls = new ArrayList<>();
    boolean isPending;
    boolean settles;
    boolean declines;

    @Override
    public TryOutcome<String> hold(SagaId saga, String request) {
      calls.add("hold");
      if (settles) {
        return new TryOutcome.Settled<>("data");
      }
      return isPending ? new TryOutcome.Pending<>("hold") : new TryOutcome.Held<>("hold", "data");
    }

    @Override
    public ConfirmOutcome confirm(SagaId saga, String hold) {
      calls.add("confirm");
      return declines ? new ConfirmOutcome.Declined(DECLINED) : new ConfirmOutcome.Confirmed();
    }

    @Override
    public CancelOutcome cancel(SagaId saga, String hold) {
      calls.add("cancel");
      return isPending ? new CancelOutcome.Pending() : new CancelOutcome.Cancelled();
    }

    @Override
    public void save() {}
  }
}
