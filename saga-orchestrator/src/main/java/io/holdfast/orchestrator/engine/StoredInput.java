package io.holdfast.orchestrator.engine;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.messaging.Json;
import io.holdfast.saga.SagaData;
import io.holdfast.saga.SagaDefinition;
import io.holdfast.saga.SagaPlan;
import io.holdfast.saga.Step;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A definition together with one saga's stored input and answers; decodes them only when a
 * condition or command asks.
 */
final class StoredInput<I> implements SagaData<I> {

  private final SagaDefinition<I> definition;
  private final String inputJson;
  private final ObjectNode answers;
  private @Nullable I input;

  StoredInput(SagaDefinition<I> definition, String inputJson, ObjectNode answers) {
    this.definition = definition;
    this.inputJson = inputJson;
    this.answers = answers;
  }

  @Override
  public I input() {
    var decoded = input;
    if (decoded == null) {
      decoded = Json.read(inputJson, definition.inputType());
      input = decoded;
    }
    return decoded;
  }

  @Override
  public <R> Optional<R> answer(ParticipantContract<?> participant, Class<R> type) {
    var answer = answers.get(participant.name());
    return answer == null ? Optional.empty() : Optional.of(Json.read(answer.toString(), type));
  }

  SagaPlan plan() {
    return definition.planFor(this);
  }

  /** What is told of the saga once it is confirmed, as JSON; null if nothing. */
  @Nullable String result() {
    var result = definition.result().apply(this);
    return result.isPresent() ? Json.text(result.get()) : null;
  }

  byte[] tryRequest(int step) {
    return switch (definition.steps().get(step)) {
      case Step.Asked<I> asked -> Json.bytes(asked.request().apply(this));
      case Step.Awaited<I> awaited ->
          throw new IllegalStateException(awaited.name() + " is awaited, not asked");
    };
  }
}
