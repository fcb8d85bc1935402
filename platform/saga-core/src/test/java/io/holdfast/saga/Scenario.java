package io.holdfast.saga;

import static io.holdfast.saga.Plan.steps;
import static io.holdfast.saga.Scenario.Nature.ASYNC;
import static io.holdfast.saga.Scenario.Nature.DECLINES;
import static io.holdfast.saga.Scenario.Nature.REFUSES;

import java.util.List;
import java.util.Set;

/**
 * A world to explore.
 *
 * @param name what is special about it
 * @param plan what each of its sagas does
 * @param sagas how many; if more than one, then step 0 of all draws from one stock of one unit
 * @param participants what the participant of each step may do of its own choice
 */
record Scenario(String name, Plan plan, int sagas, List<Set<Nature>> participants) {

  /** What a participant may choose. */
  enum Nature {
    /** It may refuse a try. */
    REFUSES,
    /** It may decline a confirm. */
    DECLINES,
    /** It may answer later, any time later. */
    ASYNC
  }

  private static final Set<Nature> PROMPT = Set.of(REFUSES);
  private static final Set<Nature> SLOW = Set.of(REFUSES, ASYNC);
  private static final Set<Nature> CARD = Set.of(REFUSES, ASYNC, DECLINES);

  static List<Scenario> all() {
    return List.of(
        new Scenario(
            "two participants", Plan.of(Steps.NONE, steps(0, 1)), 1, List.of(PROMPT, SLOW)),
        new Scenario(
            "two stages", Plan.of(Steps.NONE, steps(0), steps(1)), 1, List.of(PROMPT, SLOW)),
        new Scenario("nothing but a pivot", Plan.of(steps(0), steps(0)), 1, List.of(CARD)),
        new Scenario(
            "a stage left out",
            Plan.of(steps(2), steps(0), Steps.NONE, steps(2)),
            1,
            List.of(SLOW, PROMPT, CARD)),
        new Scenario(
            "the pivot left out",
            Plan.of(steps(2), steps(0, 1), Steps.NONE),
            1,
            List.of(PROMPT, SLOW, CARD)),
        new Scenario(
            "pivot in second stage",
            Plan.of(steps(2), steps(0, 1), steps(2)),
            1,
            List.of(PROMPT, PROMPT, CARD)),
        new Scenario(
            "pivot in parallel",
            Plan.of(steps(2), steps(0, 1, 2)),
            1,
            List.of(PROMPT, PROMPT, CARD)),
        new Scenario(
            "two sagas, one unit", Plan.of(Steps.NONE, steps(0, 1)), 2, List.of(Set.of(), PROMPT)));
  }

  int stepCount() {
    return participants.size();
  }

  boolean sharesStock() {
    return sagas > 1;
  }

  @Override
  public String toString() {
    return name;
  }
}
