package io.holdfast.payment.card;

import static io.holdfast.payment.card.PaymentState.AUTHORISED;
import static io.holdfast.payment.card.PaymentState.AUTHORISING;
import static io.holdfast.payment.card.PaymentState.CAPTURED;
import static io.holdfast.payment.card.PaymentState.CAPTURE_DECLINED;
import static io.holdfast.payment.card.PaymentState.CAPTURING;
import static io.holdfast.payment.card.PaymentState.CREATED;
import static io.holdfast.payment.card.PaymentState.DECLINED;
import static io.holdfast.payment.card.PaymentState.VOIDED;
import static io.holdfast.payment.card.PaymentState.VOIDING;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.Reason;
import io.holdfast.payment.provider.ProviderAction;
import io.holdfast.payment.provider.ProviderAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every cell of the two tables. */
@Tag("R-P4")
class PaymentStateTest {

  private static final List<ProviderAnswer> ANSWERS =
      List.of(
          new ProviderAnswer.Authorised("pi_1", null),
          new ProviderAnswer.Captured("pi_1"),
          new ProviderAnswer.Voided("pi_1"),
          new ProviderAnswer.Declined("pi_1", new Reason("CARD_DECLINED", "card declined")),
          new ProviderAnswer.Absent(Duration.ZERO),
          new ProviderAnswer.Untouched("refused"),
          new ProviderAnswer.Unknown("lost"));

  /** Columns: wanted AUTHORISED, CAPTURED, VOIDED. */
  private static final Map<PaymentState, String> NEXT =
      Map.of(
          CREATED, "AUTHORISE AUTHORISE NOTHING",
          AUTHORISING, "QUERY QUERY QUERY",
          AUTHORISED, "NOTHING CAPTURE VOID",
          CAPTURING, "QUERY QUERY QUERY",
          CAPTURED, "NOTHING NOTHING NOTHING",
          CAPTURE_DECLINED, "NOTHING NOTHING VOID",
          VOIDING, "QUERY QUERY QUERY",
          VOIDED, "NOTHING NOTHING NOTHING",
          DECLINED, "NOTHING NOTHING NOTHING");

  /** Columns: Authorised, Captured, Voided, Declined, Absent, Untouched, Unknown. */
  private static final Map<PaymentState, List<PaymentState>> AFTER =
      Map.of(
          CREATED,
          List.of(AUTHORISED, CAPTURED, VOIDED, DECLINED, CREATED, CREATED, CREATED),
          AUTHORISING,
          List.of(AUTHORISED, CAPTURED, VOIDED, DECLINED, CREATED, CREATED, AUTHORISING),
          AUTHORISED,
          List.of(AUTHORISED, CAPTURED, VOIDED, AUTHORISED, AUTHORISED, AUTHORISED, AUTHORISED),
          CAPTURING,
          List.of(AUTHORISED, CAPTURED, VOIDED, CAPTURE_DECLINED, CAPTURING, AUTHORISED, CAPTURING),
          CAPTURED,
          List.of(CAPTURED, CAPTURED, CAPTURED, CAPTURED, CAPTURED, CAPTURED, CAPTURED),
          CAPTURE_DECLINED,
          List.of(
              CAPTURE_DECLINED,
              CAPTURED,
              VOIDED,
              CAPTURE_DECLINED,
              CAPTURE_DECLINED,
              CAPTURE_DECLINED,
              CAPTURE_DECLINED),
          VOIDING,
          List.of(AUTHORISED, CAPTURED, VOIDED, VOIDED, VOIDING, AUTHORISED, VOIDING),
          VOIDED,
          List.of(AUTHORISED, VOIDED, VOIDED, VOIDED, VOIDED, VOIDED, VOIDED),
          DECLINED,
          List.of(DECLINED, DECLINED, DECLINED, DECLINED, DECLINED, DECLINED, DECLINED));

  @Test
  void everyStateAndWishHasItsNextAction() {
    for (var state : PaymentState.values()) {
      var actions = Arrays.stream(Wanted.values()).map(state::next).map(Enum::name).toList();

      assertThat(String.join(" ", actions)).as("%s", state).isEqualTo(NEXT.get(state));
    }
  }

  @Test
  void everyStateAndAnswerHasItsNextState() {
    for (var state : PaymentState.values()) {
      assertThat(ANSWERS.stream().map(state::after).toList())
          .as("%s", state)
          .isEqualTo(AFTER.get(state));
    }
  }

  @Test
  void everySentRequestIsStoredAsUnderWayBeforeItIsSent() {
    for (var state : PaymentState.values()) {
      assertThat(state.before(ProviderAction.AUTHORISE)).isEqualTo(AUTHORISING);
      assertThat(state.before(ProviderAction.CAPTURE)).isEqualTo(CAPTURING);
      assertThat(state.before(ProviderAction.VOID)).isEqualTo(VOIDING);
      assertThat(state.before(ProviderAction.QUERY)).isEqualTo(state);
      assertThat(state.before(ProviderAction.NOTHING)).isEqualTo(state);
    }
  }

  @Test
  @Tag("F13")
  void nothingIsSentAgainBeforeTheProviderWasAsked() {
    for (var state : PaymentState.values()) {
      if (state.isUnderWay()) {
        assertThat(Arrays.stream(Wanted.values()).map(state::next))
            .containsOnly(ProviderAction.QUERY);
      }
    }
  }

  @Test
  void takenOrDeclinedMoneyNeverChangesAgain() {
    for (var answer : ANSWERS) {
      assertThat(CAPTURED.after(answer)).isEqualTo(CAPTURED);
      assertThat(DECLINED.after(answer)).isEqualTo(DECLINED);
    }
  }

  /** How far each state is from the beginning. */
  private static final List<PaymentState> PROGRESS =
      List.of(
          CREATED,
          AUTHORISING,
          AUTHORISED,
          CAPTURING,
          CAPTURE_DECLINED,
          VOIDING,
          CAPTURED,
          VOIDED,
          DECLINED);

  /**
   * Every pair of states, in the order of {@code PROGRESS}: {@code =} stays, {@code +} moves on,
   * {@code <} comes back, {@code .} cannot be.
   */
  private static final Map<PaymentState, String> MOVES =
      Map.of(
          CREATED, "=++...+++",
          AUTHORISING, "<=+...+++",
          AUTHORISED, "..=+.+++.",
          CAPTURING, "..<=+.++.",
          CAPTURE_DECLINED, "....=+++.",
          VOIDING, "..<..=++.",
          CAPTURED, "......=..",
          VOIDED, "..<....=.",
          DECLINED, "........=");

  @Test
  @Tag("R-P1")
  void everyPairOfStatesIsAMoveOrCannotBe() {
    for (var from : PaymentState.values()) {
      var reached = EnumSet.of(from);
      ANSWERS.forEach(answer -> reached.add(from.after(answer)));
      for (var wanted : Wanted.values()) {
        reached.add(from.before(from.next(wanted)));
      }
      var row = new StringBuilder();
      for (var to : PROGRESS) {
        row.append(reached.contains(to) ? direction(from, to) : '.');
      }

      assertThat(row.toString()).as("%s", from).isEqualTo(MOVES.get(from));
    }
  }

  private static char direction(PaymentState from, PaymentState to) {
    int further = PROGRESS.indexOf(to) - PROGRESS.indexOf(from);
    return further == 0 ? '=' : further > 0 ? '+' : '<';
  }

  /** Where nothing is under way, nothing that the provider has done leads back. */
  @Test
  @Tag("R-P1")
  void noFactLeadsBackExceptALateAuthorisationWhichIsThenVoided() {
    var facts =
        ANSWERS.stream()
            .filter(
                answer ->
                    switch (answer) {
                      case ProviderAnswer.Authorised _,
                          ProviderAnswer.Captured _,
                          ProviderAnswer.Voided _,
                          ProviderAnswer.Declined _ ->
                          true;
                      case ProviderAnswer.Absent _,
                          ProviderAnswer.Untouched _,
                          ProviderAnswer.Unknown _ ->
                          false;
                    })
            .toList();

    var back = new ArrayList<String>();
    for (var from : PaymentState.values()) {
      for (var fact : facts) {
        if (!from.isUnderWay() && direction(from, from.after(fact)) == '<') {
          back.add(from + " " + fact.label());
        }
      }
    }

    assertThat(back).containsExactly("VOIDED authorised");
    assertThat(AUTHORISED.next(Wanted.VOIDED)).isEqualTo(ProviderAction.VOID);
  }
}
