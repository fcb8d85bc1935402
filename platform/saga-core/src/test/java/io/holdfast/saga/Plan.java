package io.holdfast.saga;

import java.util.List;

/** A plan as plain sets: what remains of a definition once its conditions are answered. */
record Plan(List<Steps> stages, Steps pivot) implements SagaPlan {

  static Plan of(Steps pivot, Steps... stages) {
    return new Plan(List.of(stages), pivot);
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
}
