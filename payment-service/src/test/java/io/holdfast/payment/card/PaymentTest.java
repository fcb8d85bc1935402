package io.holdfast.payment.card;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.payment.card.Payment.Verdict;
import io.holdfast.payment.provider.ProviderAction;
import io.holdfast.payment.provider.ProviderAnswer;
import io.holdfast.payment.provider.ProviderAnswer.Absent;
import io.holdfast.payment.provider.ProviderAnswer.Authorised;
import io.holdfast.payment.provider.ProviderAnswer.Captured;
import io.holdfast.payment.provider.ProviderAnswer.Declined;
import io.holdfast.payment.provider.ProviderAnswer.Unknown;
import io.holdfast.payment.provider.ProviderAnswer.Untouched;
import io.holdfast.payment.provider.ProviderAnswer.Voided;
import io.holdfast.payment.provider.ProviderRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-P4")
class PaymentTest {

  private static final SagaId SAGA = SagaId.of("01931b5c-0000-7000-8000-000000000001");
  private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
  private static final Duration CERTAIN_AFTER = Duration.ofMinutes(2);
  private static final Reason CARD = new Reason("CARD_DECLINED", "card declined");

  private static Payment requested() {
    return Payment.requested(SAGA, 1_000, "EUR", "pm_card_visa");
  }

  private static Payment doing(Payment payment, ProviderAnswer answer, Instant now) {
    return payment.claimed(now).answered(payment.next(), answer, now, CERTAIN_AFTER);
  }

  private static Payment authorised() {
    return doing(requested(), new Authorised("pi_1", null), START);
  }

  @Test
  void authorisedPaymentTellsThatItIsTried() {
    assertThat(authorised().verdict()).isEqualTo(new Verdict.Tried());
  }

  @Test
  void declinedPaymentTellsWhy() {
    var payment = doing(requested(), new Declined("pi_1", CARD), START);

    assertThat(payment.verdict()).isEqualTo(new Verdict.Refused(CARD));
    assertThat(payment.wanting(Wanted.VOIDED).verdict()).isEqualTo(new Verdict.Cancelled());
  }

  @Test
  @Tag("F12")
  void cancelIsDoneAtOnceWhenNothingWasSent() {
    assertThat(requested().wanting(Wanted.VOIDED).verdict()).isEqualTo(new Verdict.Cancelled());
  }

  @Test
  @Tag("F13")
  void cancelWaitsForTheProviderWhenSomethingMayHaveBeenSent() {
    var resent = doing(requested(), new Unknown("timeout"), START);
    resent = doing(resent, new Absent(Duration.ZERO), START);

    var cancelled = resent.wanting(Wanted.VOIDED);

    assertThat(resent.next()).isEqualTo(ProviderAction.AUTHORISE);
    assertThat(cancelled.next()).isEqualTo(ProviderAction.QUERY);
    assertThat(cancelled.verdict()).isEqualTo(new Verdict.None());
  }

  @Test
  @Tag("F13")
  void absentPaymentIsSentAgainUnderTheSameKey() {
    var payment = requested();
    String key = payment.claimed(START).idempotencyKey(ProviderAction.AUTHORISE);

    var lost = doing(payment, new Unknown("timeout"), START);
    var absent = doing(lost, new Absent(Duration.ZERO), START.plusSeconds(1));

    assertThat(absent.next()).isEqualTo(ProviderAction.AUTHORISE);
    assertThat(absent.claimed(START).idempotencyKey(ProviderAction.AUTHORISE)).isEqualTo(key);
  }

  @Test
  @Tag("F13")
  void absenceIsBelievedOnlyAfterAWhile() {
    var lost = doing(requested(), new Unknown("timeout"), START).wanting(Wanted.VOIDED);

    var early = doing(lost, new Absent(Duration.ZERO), START.plus(CERTAIN_AFTER));
    var late = doing(lost, new Absent(Duration.ZERO), START.plus(CERTAIN_AFTER).plusMillis(1));

    assertThat(early.verdict()).isEqualTo(new Verdict.None());
    assertThat(early.next()).isEqualTo(ProviderAction.QUERY);
    assertThat(early.pausesAfter(new Absent(Duration.ZERO))).isTrue();
    assertThat(late.verdict()).isEqualTo(new Verdict.Cancelled());
  }

  /** A search that is behind says less than a list does. */
  @Test
  @Tag("F13")
  void absenceIsBelievedLaterWhereWhatWasAskedIsBehind() {
    var behind = new Absent(Duration.ofHours(1));
    var lost = doing(requested(), new Unknown("timeout"), START).wanting(Wanted.VOIDED);

    var early = doing(lost, behind, START.plus(CERTAIN_AFTER).plusSeconds(3_600));
    var late = doing(lost, behind, START.plus(CERTAIN_AFTER).plusSeconds(3_601));

    assertThat(early.verdict()).isEqualTo(new Verdict.None());
    assertThat(late.verdict()).isEqualTo(new Verdict.Cancelled());
  }

  /** Captured by hand at the provider: the cancel is told when the money is back. */
  @Test
  void paymentThatWasTakenThoughItsSagaIsCancelledIsTakenInVain() {
    var taken = doing(authorised().wanting(Wanted.CAPTURED), new Captured("pi_1"), START);

    var cancelled = taken.wanting(Wanted.VOIDED);

    assertThat(taken.isTakenInVain()).isFalse();
    assertThat(cancelled.isTakenInVain()).isTrue();
    assertThat(cancelled.verdict()).isEqualTo(new Verdict.None());
  }

  @Test
  @Tag("F13")
  void failedConnectionProvesNothingAboutAnEarlierRequest() {
    var lost = doing(requested(), new Unknown("timeout"), START);
    var resent =
        doing(doing(lost, new Absent(Duration.ZERO), START), new Untouched("refused"), START);

    var cancelled = resent.wanting(Wanted.VOIDED);

    assertThat(resent.outcomeUnknown()).isTrue();
    assertThat(cancelled.verdict()).isEqualTo(new Verdict.None());
  }

  @Test
  void providerThatWasNeverReachedDoesNotHoldUpACancel() {
    var unreached = doing(requested(), new Untouched("refused"), START);

    assertThat(unreached.state()).isEqualTo(PaymentState.CREATED);
    assertThat(unreached.pausesAfter(new Untouched("refused"))).isTrue();
    assertThat(unreached.wanting(Wanted.VOIDED).verdict()).isEqualTo(new Verdict.Cancelled());
  }

  @Test
  void crashedClaimCountsAsUnknown() {
    var crashed = requested().claimed(START);

    var claimedAgain = crashed.claimed(START.plusSeconds(30));

    assertThat(crashed.outcomeUnknown()).isFalse();
    assertThat(crashed.next()).isEqualTo(ProviderAction.QUERY);
    assertThat(claimedAgain.outcomeUnknown()).isTrue();
    assertThat(claimedAgain.version()).isEqualTo(2);
  }

  @Test
  void captureThatCertainlyDidNothingIsSentUnderANewKey() {
    var confirming = authorised().wanting(Wanted.CAPTURED);
    String key = confirming.claimed(START).idempotencyKey(ProviderAction.CAPTURE);

    var lost = doing(confirming, new Unknown("500"), START);
    var notCaptured = doing(lost, new Authorised("pi_1", null), START);

    assertThat(notCaptured.next()).isEqualTo(ProviderAction.CAPTURE);
    assertThat(notCaptured.attempts()).isEqualTo(2);
    assertThat(notCaptured.claimed(START).idempotencyKey(ProviderAction.CAPTURE)).isNotEqualTo(key);
  }

  @Test
  void declinedCaptureIsToldAndThenVoided() {
    var declined = doing(authorised().wanting(Wanted.CAPTURED), new Declined("pi_1", CARD), START);

    var voided = doing(declined.wanting(Wanted.VOIDED), new Voided("pi_1"), START);

    assertThat(declined.verdict()).isEqualTo(new Verdict.CaptureDeclined(CARD));
    assertThat(declined.wanting(Wanted.VOIDED).next()).isEqualTo(ProviderAction.VOID);
    assertThat(voided.verdict()).isEqualTo(new Verdict.Cancelled());
  }

  @Test
  void expiredAuthorisationDeclinesTheConfirm() {
    var lost = doing(authorised().wanting(Wanted.CAPTURED), new Unknown("400"), START);

    var expired = doing(lost, new Voided("pi_1"), START);

    assertThat(expired.verdict()).isEqualTo(new Verdict.CaptureDeclined(Payment.EXPIRED));
    assertThat(expired.wanting(Wanted.VOIDED).verdict()).isEqualTo(new Verdict.Cancelled());
  }

  @Test
  void cancelDuringTheCallVoidsWhatTheCallAuthorised() {
    var calling = requested().claimed(START).wanting(Wanted.VOIDED);

    var answered =
        calling.answered(
            ProviderAction.AUTHORISE, new Authorised("pi_1", null), START, CERTAIN_AFTER);

    assertThat(answered.verdict()).isEqualTo(new Verdict.None());
    assertThat(answered.next()).isEqualTo(ProviderAction.VOID);
  }

  @Test
  void authorisationThatComesAfterAllIsVoided() {
    var lost = doing(requested(), new Unknown("timeout"), START).wanting(Wanted.VOIDED);
    var voided = doing(lost, new Absent(Duration.ZERO), START.plus(CERTAIN_AFTER).plusMillis(1));

    var late =
        voided.answered(
            ProviderAction.AUTHORISE, new Authorised("pi_1", null), START, CERTAIN_AFTER);

    assertThat(late.next()).isEqualTo(ProviderAction.VOID);
    assertThat(late.isSettled()).isFalse();
  }

  private static Payment in(PaymentState state, @Nullable String providerId) {
    return new Payment(
        SAGA,
        1_000,
        "EUR",
        "pm_card_visa",
        state,
        Wanted.AUTHORISED,
        false,
        providerId,
        0,
        0,
        0,
        START,
        START,
        null,
        null,
        null);
  }

  /** Columns: HELD, PENDING, SUCCEEDED, FAILED, VOIDED; y where the provider is asked. */
  private static final Map<PaymentState, String> NEWS =
      Map.of(
          PaymentState.CREATED, "y-yyy",
          PaymentState.AUTHORISING, "y-yyy",
          PaymentState.AUTHORISED, "--y-y",
          PaymentState.CAPTURING, "--y-y",
          PaymentState.CAPTURED, "-----",
          PaymentState.CAPTURE_DECLINED, "--y-y",
          PaymentState.VOIDING, "--y-y",
          PaymentState.VOIDED, "-----",
          PaymentState.DECLINED, "-----");

  @Test
  @Tag("R-P1")
  void notificationIsHeardOnlyIfItIsAheadOfWhatIsKnown() {
    for (var state : PaymentState.values()) {
      var row = new StringBuilder();
      for (var told : ProviderRecord.Status.values()) {
        row.append(in(state, "pi_1").isNews(told) ? 'y' : '-');
      }

      assertThat(row.toString()).as("%s", state).isEqualTo(NEWS.get(state));
    }
    assertThat(in(PaymentState.VOIDED, null).isNews(ProviderRecord.Status.HELD)).isTrue();
  }

  /** A provider as it is: it does or does not, and answers or does not. */
  private static final class World {
    private final Random random;
    private @Nullable String hold;
    private boolean captured;
    private boolean voided;
    private @Nullable Integer inFlight;
    private int authorisations;

    World(Random random) {
      this.random = random;
    }

    ProviderAnswer ask(ProviderAction action) {
      int luck = random.nextInt(10);
      if (luck < 2) {
        return new Untouched("refused");
      }
      if (luck < 4) {
        if (action == ProviderAction.AUTHORISE) {
          inFlight = 1;
        }
        return new Unknown("lost on the way");
      }
      var said = execute(action);
      return luck < 6 ? new Unknown("lost on the way back") : said;
    }

    /** What was under way arrives at last. */
    void deliver() {
      if (inFlight != null) {
        inFlight = null;
        execute(ProviderAction.AUTHORISE);
      }
    }

    private ProviderAnswer execute(ProviderAction action) {
      switch (action) {
        case AUTHORISE -> {
          if (hold == null) {
            hold = "pi_1";
            authorisations++;
          }
        }
        case CAPTURE -> captured = captured || !voided;
        case VOID -> voided = voided || !captured;
        case QUERY, NOTHING -> {}
      }
      return now();
    }

    private ProviderAnswer now() {
      if (hold == null) {
        return new Absent(Duration.ZERO);
      }
      return captured ? new Captured(hold) : voided ? new Voided(hold) : new Authorised(hold, null);
    }

    boolean isOpen() {
      return hold != null && !captured && !voided;
    }
  }

  /** 20,000 lives of a payment, with every answer lost, late or refused at random. */
  @Test
  @Tag("F12")
  @Tag("F13")
  void everyLifeEndsWithTheProviderWhereTheSagaWantsIt() {
    var ends = EnumSet.noneOf(PaymentState.class);
    for (long seed = 0; seed < 20_000; seed++) {
      var random = new Random(seed);
      var world = new World(random);
      var payment = requested();
      var now = START;
      int cancelAt = random.nextInt(8);
      boolean cancels = random.nextBoolean();
      boolean confirmed = false;
      for (int step = 0; step < 200; step++) {
        now = now.plusSeconds(1);
        if (random.nextInt(5) == 0 || step > 40) {
          world.deliver();
        }
        if (cancels && step == cancelAt && !confirmed) {
          payment = payment.wanting(Wanted.VOIDED);
        } else if (!cancels && payment.verdict() instanceof Verdict.Tried) {
          payment = payment.wanting(Wanted.CAPTURED);
          confirmed = true;
        }
        if (!payment.isSettled()) {
          var action = payment.next();
          payment = payment.claimed(now);
          boolean crashes = random.nextInt(8) == 0;
          var answer = world.ask(action);
          if (!crashes) {
            payment = payment.answered(action, answer, now, CERTAIN_AFTER);
          }
        }
      }

      world.deliver();
      assertThat(payment.isSettled()).as("seed %d: %s", seed, payment).isTrue();
      assertThat(world.authorisations).as("seed %d", seed).isLessThanOrEqualTo(1);
      assertThat(world.isOpen()).as("seed %d: %s", seed, payment).isFalse();
      assertThat(world.captured).as("seed %d: %s", seed, payment).isEqualTo(!cancels);
      ends.add(payment.state());
    }

    assertThat(ends).containsExactlyInAnyOrder(PaymentState.CAPTURED, PaymentState.VOIDED);
  }
}
