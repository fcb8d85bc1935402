package io.holdfast.payment.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.Reason;
import io.holdfast.payment.provider.ProviderRecord;
import io.holdfast.payment.provider.ProviderRecord.Kind;
import io.holdfast.payment.provider.ProviderRecord.Status;
import io.holdfast.payment.provider.TransferAnswer;
import io.holdfast.payment.provider.TransferAnswer.Absent;
import io.holdfast.payment.provider.TransferAnswer.Known;
import io.holdfast.payment.provider.TransferAnswer.Rejected;
import io.holdfast.payment.provider.TransferAnswer.Unknown;
import io.holdfast.payment.provider.TransferAnswer.Untouched;
import io.holdfast.payment.provider.TransferKind;
import io.holdfast.payment.provider.TransferOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TransferTest {

  private static final Instant START = Instant.parse("2026-11-21T09:00:00Z");
  private static final Duration CERTAIN_AFTER = Duration.ofSeconds(10);
  private static final UUID ID = UUID.fromString("01931b5c-0000-7000-8000-000000000001");
  private static final Reason NO = new Reason("CARD_DECLINED", "card declined");

  private static Transfer topUp() {
    return Transfer.of(
        new TransferOrder(TransferKind.TOP_UP, ID, UUID.randomUUID(), 500, "EUR", "pm_card_visa"),
        "t");
  }

  private static ProviderRecord found(Status status) {
    return found("pi_1", 500, status);
  }

  private static ProviderRecord found(String id, long amount, Status status) {
    return new ProviderRecord(
        Kind.TOP_UP, id, ID, amount, "EUR", status, status == Status.FAILED ? NO : null, START);
  }

  private static Transfer after(Transfer transfer, TransferAnswer answer) {
    return transfer.answered(TransferAction.QUERY, answer, START, CERTAIN_AFTER);
  }

  private static Transfer sent() {
    return topUp().claimed(START);
  }

  @Test
  void topUpIsSentAtOnceAndARefundOnlyWhenItsSagaDecides() {
    var refund =
        Transfer.of(
            new TransferOrder(TransferKind.REFUND, ID, UUID.randomUUID(), 500, "EUR", "pi_1"), "t");

    assertThat(topUp().state().next()).isEqualTo(TransferAction.SEND);
    assertThat(refund.state().next()).isEqualTo(TransferAction.NOTHING);
    assertThat(refund.decided().state().next()).isEqualTo(TransferAction.SEND);
    assertThat(refund.dropped().state()).isEqualTo(TransferState.DROPPED);
  }

  @Test
  void whatMayHaveBeenSentCannotBeDropped() {
    var sent = sent();

    assertThatThrownBy(sent::dropped).isInstanceOf(IllegalStateException.class);
  }

  @Test
  @Tag("R-P1")
  void stateNeverGoesBackwards() {
    var succeeded = after(sent(), new Known(found(Status.SUCCEEDED)));

    assertThat(succeeded.state()).isEqualTo(TransferState.SUCCEEDED);
    assertThat(after(succeeded, new Known(found(Status.PENDING)))).isEqualTo(succeeded);
    assertThat(after(succeeded, new Known(found(Status.SUCCEEDED)))).isEqualTo(succeeded);
    assertThat(succeeded.isNews(Status.PENDING)).isFalse();
    assertThat(succeeded.isNews(Status.SUCCEEDED)).isFalse();
  }

  private static Transfer in(TransferState state) {
    var known = topUp();
    return new Transfer(
        known.order(),
        state,
        false,
        state == TransferState.SENDING ? null : "pi_1",
        0,
        1,
        1,
        START,
        START,
        state == TransferState.FAILED ? NO : null,
        null,
        null,
        "t");
  }

  /**
   * Every state and everything that the provider can have in its books. Columns: HELD, PENDING,
   * SUCCEEDED, FAILED, VOIDED; {@code !} stays and is an alarm, {@code =} stays.
   */
  private static final Map<TransferState, String> FACTS =
      Map.of(
          TransferState.PREPARED, "! ! ! ! !",
          TransferState.CREATED, "PENDING PENDING SUCCEEDED FAILED FAILED",
          TransferState.SENDING, "PENDING PENDING SUCCEEDED FAILED FAILED",
          TransferState.PENDING, "= = SUCCEEDED FAILED FAILED",
          TransferState.SUCCEEDED, "! = = ! !",
          TransferState.FAILED, "= = ! = =",
          TransferState.DROPPED, "! ! ! ! !");

  @Test
  @Tag("R-P1")
  void everyStateAndFactHasItsNextStateWhichIsNeverAnEarlierOne() {
    for (var state : TransferState.values()) {
      var before = in(state);
      var row = new ArrayList<String>();
      for (var status : Status.values()) {
        var next = after(before, new Known(found(status)));

        assertThat(next.state()).isGreaterThanOrEqualTo(state);
        row.add(next.alarm() != null ? "!" : next.state() == state ? "=" : next.state().name());
      }

      assertThat(String.join(" ", row)).as("%s", state).isEqualTo(FACTS.get(state));
    }
  }

  @Test
  @Tag("R-P1")
  void failureAfterSuccessIsAnAlarmAndNothingElse() {
    var succeeded = after(sent(), new Known(found(Status.SUCCEEDED)));

    var contradicted = after(succeeded, new Known(found(Status.FAILED)));

    assertThat(contradicted.state()).isEqualTo(TransferState.SUCCEEDED);
    assertThat(contradicted.alarm()).contains("after it succeeded");
  }

  @Test
  @Tag("R-P1")
  void anotherAmountCurrencyOrIdIsAnAlarmAndNothingElse() {
    var sent = sent();

    var otherAmount = after(sent, new Known(found("pi_1", 501, Status.SUCCEEDED)));
    var otherId =
        after(
            after(sent, new Known(found(Status.PENDING))),
            new Known(found("pi_2", 500, Status.SUCCEEDED)));

    assertThat(otherAmount.state()).isEqualTo(TransferState.SENDING);
    assertThat(otherAmount.alarm()).contains("501 EUR");
    assertThat(otherId.state()).isEqualTo(TransferState.PENDING);
    assertThat(otherId.alarm()).contains("pi_2 besides pi_1");
  }

  @Test
  void lostRequestIsSentAnewOnlyWhenItIsCertainThatItWasNeverMade() {
    var lost = sent().answered(TransferAction.SEND, new Unknown("timeout"), START, CERTAIN_AFTER);
    var asked = lost.claimed(START);

    var soon =
        asked.answered(TransferAction.QUERY, new Absent(Duration.ZERO), START, CERTAIN_AFTER);
    var late =
        asked.answered(
            TransferAction.QUERY,
            new Absent(Duration.ZERO),
            START.plus(CERTAIN_AFTER).plusSeconds(1),
            CERTAIN_AFTER);

    assertThat(soon.state()).isEqualTo(TransferState.SENDING);
    assertThat(late.state()).isEqualTo(TransferState.CREATED);
    assertThat(late.idempotencyKey()).isNotEqualTo(lost.idempotencyKey());
  }

  /** Sent anew under another key, it would move money twice. */
  @Test
  void absenceIsBelievedLaterWhereWhatWasAskedIsBehind() {
    var behind = new Absent(Duration.ofHours(1));
    var lost = sent().answered(TransferAction.SEND, new Unknown("timeout"), START, CERTAIN_AFTER);
    var asked = lost.claimed(START);
    var certain = START.plus(CERTAIN_AFTER);

    var soon =
        asked.answered(TransferAction.QUERY, behind, certain.plusSeconds(3_600), CERTAIN_AFTER);
    var late =
        asked.answered(TransferAction.QUERY, behind, certain.plusSeconds(3_601), CERTAIN_AFTER);

    assertThat(soon.state()).isEqualTo(TransferState.SENDING);
    assertThat(late.state()).isEqualTo(TransferState.CREATED);
  }

  @Test
  void refusedConnectionProvesNothingAboutAnEarlierRequest() {
    var first =
        sent().answered(TransferAction.SEND, new Untouched("refused"), START, CERTAIN_AFTER);
    var unknown =
        sent()
            .answered(TransferAction.SEND, new Unknown("timeout"), START, CERTAIN_AFTER)
            .claimed(START);

    assertThat(first.state()).isEqualTo(TransferState.CREATED);
    assertThat(after(unknown, new Untouched("refused")).state()).isEqualTo(TransferState.SENDING);
  }

  /** A provider as it is: it does or does not, and answers or does not. */
  private static final class World {
    private final Random random;
    private final boolean declines;
    private @Nullable Status status;
    private boolean inFlight;
    private int made;

    World(Random random) {
      this.random = random;
      this.declines = random.nextInt(4) == 0;
    }

    TransferAnswer ask(TransferAction action) {
      int luck = random.nextInt(10);
      if (luck < 2) {
        return new Untouched("refused");
      }
      if (luck < 4) {
        inFlight = inFlight || action == TransferAction.SEND;
        return new Unknown("lost on the way");
      }
      if (action == TransferAction.SEND) {
        make();
      }
      if (luck < 6) {
        return new Unknown("lost on the way back");
      }
      if (status == null) {
        return new Absent(Duration.ZERO);
      }
      return status == Status.FAILED && action == TransferAction.SEND
          ? new Rejected("pi_1", NO)
          : new Known(found(status));
    }

    private void make() {
      if (status == null) {
        made++;
        status = declines ? Status.FAILED : Status.PENDING;
      }
    }

    /** What was under way arrives at last, and what is pending comes to its end. */
    void deliver() {
      if (inFlight) {
        inFlight = false;
        make();
      }
      if (status == Status.PENDING) {
        status = Status.SUCCEEDED;
      }
    }
  }

  /** 20,000 lives, with every answer lost, late or refused at random, and crashes in between. */
  @Test
  @Tag("R-P3")
  @Tag("F12")
  @Tag("F13")
  void everyLifeEndsAsTheProviderHasItAndIsMadeOnce() {
    var ends = EnumSet.noneOf(TransferState.class);
    for (long seed = 0; seed < 20_000; seed++) {
      var random = new Random(seed);
      var world = new World(random);
      var transfer = topUp();
      var now = START;
      for (int step = 0; step < 200 && !transfer.isSettled(); step++) {
        now = now.plusSeconds(1);
        if (random.nextInt(5) == 0 || step > 40) {
          world.deliver();
        }
        var action = transfer.state().next();
        transfer = transfer.claimed(now);
        var answer = world.ask(action);
        if (random.nextInt(8) != 0) {
          transfer = transfer.answered(action, answer, now, CERTAIN_AFTER);
        }
      }
      world.deliver();

      assertThat(transfer.isSettled()).as("seed %d: %s", seed, transfer).isTrue();
      assertThat(world.made).as("seed %d", seed).isEqualTo(1);
      assertThat(transfer.state())
          .as("seed %d", seed)
          .isEqualTo(world.declines ? TransferState.FAILED : TransferState.SUCCEEDED);
      ends.add(transfer.state());
    }

    assertThat(ends).containsExactlyInAnyOrder(TransferState.SUCCEEDED, TransferState.FAILED);
  }
}
