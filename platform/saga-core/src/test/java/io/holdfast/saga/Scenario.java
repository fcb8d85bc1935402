package io.holdfast.saga;

import static io.holdfast.saga.Plan.steps;
import static io.holdfast.saga.Scenario.Nature.ASYNC;
import static io.holdfast.saga.Scenario.Nature.DECLINES;
import static io.holdfast.saga.Scenario.Nature.REFUSES;
import static io.holdfast.saga.Scenario.Nature.SETTLES;
import static io.holdfast.saga.Scenario.Nature.SIGNALS;

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
    ASYNC,
    /** Its try is done for good and never refused. */
    SETTLES,
    /** It is not asked: of its own accord it says yes or no, once, but maybe more than once. */
    SIGNALS
  }

  private static final Set<Nature> PROMPT = Set.of(REFUSES);
  private static final Set<Nature> SLOW = Set.of(REFUSES, ASYNC);
  private static final Set<Nature> CARD = Set.of(REFUSES, ASYNC, DECLINES);

  private static final Set<Nature> CARRIER = Set.of(SETTLES, ASYNC);
  private static final Set<Nature> REVIEWER = Set.of(SIGNALS);

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
            "await, then hold",
            Plan.of(Steps.NONE, steps(0), steps(1, 2)).awaiting(steps(0)),
            1,
            List.of(REVIEWER, PROMPT, SLOW)),
        new Scenario(
            "await between holds",
            Plan.of(Steps.NONE, steps(0), steps(1), steps(2)).awaiting(steps(1)),
            1,
            List.of(SLOW, REVIEWER, PROMPT)),
        new Scenario(
            "the await left out",
            Plan.of(Steps.NONE, Steps.NONE, steps(1)).awaiting(steps(0)),
            1,
            List.of(REVIEWER, SLOW)),
        new Scenario(
            "two retriable stages",
            Plan.of(Steps.NONE, steps(0)).thenRetriable(steps(1), steps(2)),
            1,
            List.of(SLOW, CARRIER, CARRIER)),
        new Scenario(
            "two, then retriable",
            Plan.of(Steps.NONE, steps(0, 1)).thenRetriable(steps(2)),
            1,
            List.of(PROMPT, PROMPT, CARRIER)),
        new Scenario(
            "pivot, then retriable",
            Plan.of(steps(1), steps(0, 1)).thenRetriable(steps(2)),
            1,
            List.of(PROMPT, CARD, CARRIER)),
        new Scenario(
            "a retriable left out",
            Plan.of(Steps.NONE, steps(0)).thenRetriable(Steps.NONE, steps(2)),
            1,
            List.of(PROMPT, CARRIER, CARRIER)),
        new Scenario(
            "nothing but retriable",
            Plan.of(Steps.NONE, Steps.NONE).thenRetriable(steps(0, 1)),
            1,
            List.of(CARRIER, CARRIER)),
        new Scenario(
            "await, pivot, retriable",
            Plan.of(steps(1), steps(0), steps(1)).awaiting(steps(0)).thenRetriable(steps(2)),
            1,
            List.of(REVIEWER, CARD, CARRIER)),
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
