package io.holdfast.saga;

import java.util.ArrayList;
import java.util.List;

/** A plan as plain sets: what remains of a definition once its conditions are answered. */
record Plan(List<Steps> stages, int decisionStage, Steps pivot, Steps awaited) implements SagaPlan {

  static Plan of(Steps pivot, Steps... stages) {
    return new Plan(List.of(stages), stages.length, pivot, Steps.NONE);
  }

  /** The same, with {@code steps} of it awaited. */
  Plan awaiting(Steps steps) {
    return new Plan(stages, decisionStage, pivot, steps);
  }

  /** The same, with stages of retriable steps behind it. */
  Plan thenRetriable(Steps... retriable) {
    var all = new ArrayList<>(stages);
    all.addAll(List.of(retriable));
    return new Plan(List.copyOf(all), decisionStage, pivot, awaited);
  }

  static Steps steps(int... numbers) {
    var steps = Steps.NONE;
    for (int number : numbers) {
      steps = steps.with(Steps.of(number));
    }
    return steps;
  }

  @Override
  public int stageCount() {
    return stages.size();
  }

  @Override
  public Steps activeIn(int stage) {
    return stages.get(stage);
  }

  Steps active() {
    return stages.stream().reduce(Steps.NONE, Steps::with);
  }

  /** The stage of a step that takes part. */
  int stageOf(int step) {
    for (int stage = 0; stage < stages.size(); stage++) {
      if (stages.get(stage).contains(step)) {
        return stage;
      }
    }
    throw new IllegalArgumentException("step " + step + " takes no part");
  }
}
