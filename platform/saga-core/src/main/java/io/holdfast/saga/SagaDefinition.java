package io.holdfast.saga;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A business process as a value: which participants are asked for what, in which order, and within
 * what time.
 *
 * @param <I> the input's type
 * @param name unique, with {@code version}
 * @param version raised whenever stages or steps change; a running saga stays with the version it
 *     started with
 * @param inputType class of the input
 * @param deadline time for all tries together; a saga that has not decided by then cancels. Begins
 *     anew when an awaited signal has come, which has a limit of its own
 * @param confirmBudget time within which confirms normally arrive; reservations outlive {@code
 *     deadline} plus this
 * @param stages tried one after the other; the steps of one stage are tried in parallel. Stages of
 *     retriable steps come last, after the decision
 * @param result what is told of a confirmed saga to whoever hears of its end, to be written as
 *     JSON; empty: nothing
 */
public record SagaDefinition<I>(
    String name,
    int version,
    Class<I> inputType,
    Duration deadline,
    Duration confirmBudget,
    List<List<Step<I>>> stages,
    Function<SagaData<I>, Optional<?>> result) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

  /**
   * @throws InvalidDefinition if this cannot be right
   */
  public SagaDefinition {
    stages = stages.stream().map(List::copyOf).toList();
    var faults = faults(name, version, deadline, confirmBudget, stages);
    if (!faults.isEmpty()) {
      throw new InvalidDefinition(name, faults);
    }
  }

  public static <I> Builder<I> named(String name, Class<I> inputType) {
    return new Builder<>(name, inputType);
  }

  /** All steps; a step's position here is its number everywhere else. */
  public List<Step<I>> steps() {
    var steps = new ArrayList<Step<I>>();
    stages.forEach(steps::addAll);
    return Collections.unmodifiableList(steps);
  }

  /** The plan of one saga of this definition. */
  public SagaPlan planFor(SagaData<I> data) {
    return new SagaPlan() {
      @Override
      public int stageCount() {
        return stages.size();
      }

      @Override
      public Steps activeIn(int stage) {
        return select(stage, step -> step.condition().test(data));
      }

      @Override
      public int decisionStage() {
        return firstStageWith(stages, Step.Kind.RETRIABLE);
      }

      @Override
      public Steps pivot() {
        return all(Step.Kind.PIVOT);
      }

      @Override
      public Steps awaited() {
        return all(Step.Kind.AWAIT);
      }
    };
  }

  /** What a saga in {@code state} waits for without having asked anybody. */
  public Optional<Step.Awaited<I>> awaitedIn(SagaState state) {
    if (state instanceof SagaState.Trying(int stage, _, _)
        && stages.get(stage).getFirst() instanceof Step.Awaited<I> awaited) {
      return Optional.of(awaited);
    }
    return Optional.empty();
  }

  private Steps all(Step.Kind kind) {
    var all = Steps.NONE;
    int number = 0;
    for (var stage : stages) {
      for (var step : stage) {
        if (step.kind() == kind) {
          all = all.with(Steps.of(number));
        }
        number++;
      }
    }
    return all;
  }

  /** Their number if there is none. */
  private static <I> int firstStageWith(List<List<Step<I>>> stages, Step.Kind kind) {
    for (int stage = 0; stage < stages.size(); stage++) {
      for (var step : stages.get(stage)) {
        if (step.kind() == kind) {
          return stage;
        }
      }
    }
    return stages.size();
  }

  private Steps select(int stage, Predicate<Step<I>> wanted) {
    int number = 0;
    for (var earlier : stages.subList(0, stage)) {
      number += earlier.size();
    }
    var selected = Steps.NONE;
    for (var step : stages.get(stage)) {
      if (wanted.test(step)) {
        selected = selected.with(Steps.of(number));
      }
      number++;
    }
    return selected;
  }

  private static <I> List<String> faults(
      String name,
      int version,
      Duration deadline,
      Duration confirmBudget,
      List<List<Step<I>>> stages) {
    var faults = new ArrayList<String>();
    if (!NAME.matcher(name).matches()) {
      faults.add(
          "its name is not 1 to 63 of the characters a-z, 0-9 and -, starting with a letter");
    }
    if (version < 1) {
      faults.add("its version is below 1");
    }
    if (!deadline.isPositive() || !confirmBudget.isPositive()) {
      faults.add("deadline and confirm budget have to be longer than nothing");
    }
    var steps = stages.stream().flatMap(List::stream).toList();
    if (steps.isEmpty() || stages.stream().anyMatch(List::isEmpty)) {
      faults.add("it has a stage without steps, or no stage");
    }
    if (steps.size() > Steps.MAX) {
      faults.add("it has more than " + Steps.MAX + " steps");
    }
    if (steps.stream().filter(step -> step.kind() == Step.Kind.PIVOT).count() > 1) {
      faults.add("it has more than one pivot, and only one step can be confirmed first");
    }
    var names = new HashSet<String>();
    for (var step : steps) {
      if (!names.add(step.name())) {
        faults.add("two steps are called " + step.name());
      }
    }
    int pivotStage = firstStageWith(stages, Step.Kind.PIVOT);
    int retriableStage = firstStageWith(stages, Step.Kind.RETRIABLE);
    for (int number = 0; number < stages.size(); number++) {
      var stage = stages.get(number);
      for (var step : stage) {
        if (step.kind() != Step.Kind.RETRIABLE && number >= retriableStage) {
          faults.add(
              "%s comes with or after a retriable step, which is asked when all others have confirmed"
                  .formatted(step.name()));
        }
        switch (step) {
          case Step.Awaited<I> awaited -> {
            if (stage.size() > 1) {
              faults.add(awaited.name() + " is awaited and not alone in its stage");
            }
            if (number >= pivotStage) {
              faults.add(awaited.name() + " is awaited with or after the pivot");
            }
            if (!awaited.limit().isPositive()) {
              faults.add(awaited.name() + " is awaited for no time at all");
            }
          }
          case Step.Asked<I> asked -> {
            var longest = longestHold(deadline, stages.subList(number + 1, stages.size()));
            var needed = longest.plus(confirmBudget);
            if (step.kind() != Step.Kind.RETRIABLE
                && asked.participant().holdFor().compareTo(needed) <= 0) {
              faults.add(
                  "%s keeps a reservation for %s, which is not longer than deadline%s and confirm budget together, %s"
                      .formatted(
                          asked.name(),
                          asked.participant().holdFor(),
                          longest.equals(deadline)
                              ? ""
                              : ", each await after it with a new deadline,",
                          needed));
            }
          }
        }
      }
    }
    return faults;
  }

  /**
   * How long tries can take in all: each await in {@code later} stages starts the deadline anew.
   */
  private static <I> Duration longestHold(Duration deadline, List<List<Step<I>>> later) {
    var longest = deadline;
    for (var stage : later) {
      for (var step : stage) {
        if (step instanceof Step.Awaited<I> awaited) {
          longest = longest.plus(awaited.limit()).plus(deadline);
        }
      }
    }
    return longest;
  }

  /** Builds a definition in the order in which it is read. */
  public static final class Builder<I> {

    private final String name;
    private final Class<I> inputType;
    private final List<List<Step<I>>> stages = new ArrayList<>();
    private int version = 1;
    private Duration deadline = Duration.ofSeconds(30);
    private Duration confirmBudget = Duration.ofMinutes(2);
    private Function<SagaData<I>, Optional<?>> result = _ -> Optional.empty();

    private Builder(String name, Class<I> inputType) {
      this.name = name;
      this.inputType = inputType;
    }

    public Builder<I> version(int version) {
      this.version = version;
      return this;
    }

    public Builder<I> deadline(Duration deadline) {
      this.deadline = deadline;
      return this;
    }

    public Builder<I> confirmBudget(Duration confirmBudget) {
      this.confirmBudget = confirmBudget;
      return this;
    }

    /** What is told of a confirmed saga; empty where its input says it all. */
    public Builder<I> result(Function<SagaData<I>, Optional<?>> result) {
      this.result = result;
      return this;
    }

    /** Adds a stage whose steps are tried at the same time. */
    @SafeVarargs
    public final Builder<I> inParallel(Step<I>... steps) {
      var stage = new ArrayList<Step<I>>(steps.length);
      for (var step : steps) {
        stage.add(step);
      }
      stages.add(stage);
      return this;
    }

    /** Adds a stage of one step. */
    public Builder<I> then(Step<I> step) {
      stages.add(List.of(step));
      return this;
    }

    /**
     * @throws InvalidDefinition if this cannot be right
     */
    public SagaDefinition<I> build() {
      return new SagaDefinition<>(
          name, version, inputType, deadline, confirmBudget, stages, result);
    }
  }
}
