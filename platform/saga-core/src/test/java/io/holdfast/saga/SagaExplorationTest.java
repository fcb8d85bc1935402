package io.holdfast.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Proves the protocol by visiting all of it, and the proof by breaking the protocol.
 *
 * <p>The first network has no bound on copies or messages in flight, but never loses one for good;
 * the second loses, within a bound. Both reach the same combinations of saga and fence rows, so the
 * bound hides none, and as a network may lose all it carries, an end can be reached from every
 * state of an unbounded one too.
 *
 * <p>{@code -Dholdfast.exploration.room=n} lets n messages be in flight in the lossy network, and n
 * - 2 where two sagas run; more than the default only takes longer.
 */
@Tag("F1")
@Tag("F2")
@Tag("F3")
@Tag("F4")
@Tag("F5")
@Tag("F6")
@Tag("F8")
@Tag("F10")
@Tag("F15")
final class SagaExplorationTest {

  private static final int ROOM = Integer.getInteger("holdfast.exploration.room", 4);

  @ParameterizedTest
  @MethodSource("scenarios")
  void staysSafeAndCanAlwaysEndWhateverIsLostRepeatedOrReordered(Scenario scenario) {
    int room = scenario.sagas() > 1 ? ROOM - 2 : ROOM;

    long begin = System.nanoTime();
    var unbounded = Exploration.everlasting(scenario, Protocol.REAL, true);
    tell(scenario, "any number of copies", unbounded, begin);
    begin = System.nanoTime();
    var lossy = Exploration.lossy(scenario, Protocol.REAL, room, true);
    tell(scenario, "lossy, room for " + room, lossy, begin);

    assertThat(lossy.controls()).isEqualTo(unbounded.controls());
  }

  /** Judged by states alone: a broken guard has to do harm, not only to look different. */
  @ParameterizedTest
  @EnumSource
  void findsTheHarmThatEveryBrokenGuardDoes(Mutant mutant) {
    var violation = firstViolation(mutant);

    assertThat(violation).as("harm done by %s", mutant).isNotNull();
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "DEADLINE_CANCELS_A_DECIDED_SAGA",
        "LATE_TRY_REVIVES_A_CANCELLED_SAGA",
        "DELETES_THE_FENCE_AFTER_A_CANCEL",
        "FORGETS_ITS_REFUSAL"
      })
  void findsMovesBackwards(Mutant mutant) {
    var scenario = Scenario.all().getFirst();

    var violation = violation(() -> Exploration.everlasting(scenario, mutant, true));

    assertThat(violation).hasMessageContaining("forwards");
  }

  static List<Scenario> scenarios() {
    return Scenario.all();
  }

  private static @Nullable Violation firstViolation(Mutant mutant) {
    for (var scenario : Scenario.all()) {
      var violation = violation(() -> Exploration.everlasting(scenario, mutant, false));
      if (violation != null) {
        return told(mutant, scenario, violation);
      }
    }
    for (var scenario : Scenario.all()) {
      var violation = violation(() -> Exploration.lossy(scenario, mutant, 2, false));
      if (violation != null) {
        return told(mutant, scenario, violation);
      }
    }
    return null;
  }

  private static @Nullable Violation violation(Runnable exploration) {
    return catchThrowableOfType(Violation.class, exploration::run);
  }

  private static Violation told(Mutant mutant, Scenario scenario, Violation violation) {
    System.out.printf("%-48s killed in %-24s by %s%n", mutant, scenario, violation.rule());
    return violation;
  }

  private static void tell(
      Scenario scenario, String network, Exploration.Result result, long begin) {
    System.out.printf(
        "%-24s %-22s %,12d states %,8d without messages %,14d moves %6.1f s%n",
        scenario,
        network,
        result.states(),
        result.controls().size(),
        result.moves(),
        (System.nanoTime() - begin) / 1e9);
  }
}
