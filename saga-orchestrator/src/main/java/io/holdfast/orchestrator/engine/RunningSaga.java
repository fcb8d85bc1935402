package io.holdfast.orchestrator.engine;

import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.saga.StartSaga;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.TraceParent;
import io.holdfast.saga.SagaDefinition;
import io.holdfast.saga.SagaState;
import io.holdfast.saga.Step;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One saga's row.
 *
 * @param attempt how often the open commands have been sent
 * @param version number of entries in its history; guards each write
 * @param attention why an operator has to look, or null
 * @param input JSON of the definition's input
 * @param answers data of the participants' answers, by step
 */
record RunningSaga(
    SagaId id,
    SagaDefinition<?> definition,
    SagaState state,
    int attempt,
    long version,
    @Nullable String attention,
    String input,
    ObjectNode answers,
    TraceParent trace) {

  RunningSaga moved(SagaState next, int attempt, @Nullable String attention) {
    return new RunningSaga(
        id, definition, next, attempt, version + 1, attention, input, answers, trace);
  }

  RunningSaga answered(ObjectNode answers) {
    return new RunningSaga(
        id, definition, state, attempt, version, attention, input, answers, trace);
  }

  /**
   * Whether {@code start} says the same as the one that began this saga, as its definition reads
   * it.
   */
  boolean wasStartedBy(StartSaga start) {
    return definition.name().equals(start.definition())
        && (input.equals(start.input()) || asRead(input).equals(asRead(start.input())));
  }

  private String asRead(String json) {
    return Json.text(Json.read(json, definition.inputType()));
  }

  /** What it waits for without having asked anybody. */
  Optional<? extends Step.Awaited<?>> awaited() {
    return definition.awaitedIn(state);
  }

  /** How long it may stay where it is, from when it got there. */
  Duration limit() {
    return awaited().map(step -> step.limit()).orElse(definition.deadline());
  }

  StoredInput<?> data() {
    return new StoredInput<>(definition, input, answers);
  }

  /** Position of the step called {@code name}, or -1. */
  int stepNumber(@Nullable String name) {
    var steps = definition.steps();
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }
}
