package io.holdfast.orchestrator;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.Reply;
import io.holdfast.saga.Decision;
import io.holdfast.saga.SagaData;
import io.holdfast.saga.SagaDefinition;
import io.holdfast.saga.SagaEvent;
import io.holdfast.saga.SagaMachine;
import io.holdfast.saga.SagaPlan;
import io.holdfast.saga.SagaState;
import io.holdfast.saga.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One saga of a definition, played in memory: what happens to it goes in, whom it asks comes out.
 *
 * @param <I> the input's type
 */
public final class DefinitionRun<I> {

  private final SagaDefinition<I> definition;
  private final SagaPlan plan;
  private final SagaData<I> data;
  private Decision decision;

  public DefinitionRun(SagaDefinition<I> definition, I input) {
    this.definition = definition;
    this.data = new WithoutAnswers<>(input);
    this.plan = definition.planFor(data);
    this.decision = SagaMachine.start(plan);
  }

  private record WithoutAnswers<I>(I input) implements SagaData<I> {

    @Override
    public <R> Optional<R> answer(ParticipantContract<?> participant, Class<R> type) {
      return Optional.empty();
    }
  }

  public DefinitionRun<I> done(ParticipantContract<?> who, Phase phase) {
    return follow(new SagaEvent.Replied(number(who.name()), phase, Reply.Done.WITHOUT_DATA));
  }

  public DefinitionRun<I> refused(ParticipantContract<?> who, Phase phase, Reason reason) {
    return follow(new SagaEvent.Replied(number(who.name()), phase, new Reply.Refused(reason)));
  }

  public DefinitionRun<I> follow(SagaEvent event) {
    decision = SagaMachine.decide(plan, decision.next(), event);
    return this;
  }

  /** Whom the last event made it ask, such as {@code wallet TRY}. */
  public List<String> asks() {
    var names = new ArrayList<String>();
    decision
        .to()
        .forEach(step -> names.add(definition.steps().get(step).name() + " " + decision.phase()));
    return names;
  }

  public SagaState state() {
    return decision.next();
  }

  /** The body of the try that {@code who} gets. */
  public Object request(ParticipantContract<?> who) {
    return definition.steps().get(number(who.name())) instanceof Step.Asked<I> asked
        ? asked.request().apply(data)
        : "nothing";
  }

  private int number(String name) {
    int number =
        definition.steps().stream().map(Step::name).collect(Collectors.toList()).indexOf(name);
    if (number < 0) {
      throw new IllegalArgumentException(definition.name() + " has no step " + name);
    }
    return number;
  }
}
