package io.holdfast.orchestrator.engine;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.messaging.InvalidMessage;
import io.holdfast.saga.SagaDefinition;
import io.holdfast.saga.Step;
import io.holdfast.saga.Steps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The definitions that this orchestrator runs, in every version that a running saga may be pinned
 * to.
 */
public final class SagaDefinitions {

  /** Definition of sagas that a participant asks for and nobody ever started. */
  static final String PRESUMED_ABORT = "presumed-abort";

  private record Key(String name, int version) {}

  private final Map<Key, SagaDefinition<?>> definitions = new LinkedHashMap<>();
  private final Map<String, SagaDefinition<?>> newest = new LinkedHashMap<>();
  private final Map<String, ParticipantContract<?>> participants = new LinkedHashMap<>();

  /**
   * @throws IllegalArgumentException if two definitions have the same name and version, or two
   *     participants the same name and different contracts
   */
  public SagaDefinitions(Collection<? extends SagaDefinition<?>> all) {
    for (var definition : all) {
      add(definition);
      for (var step : definition.steps()) {
        if (step instanceof Step.Asked<?> asked) {
          add(asked.participant());
        }
      }
    }
    if (!participants.isEmpty()) {
      add(presumedAbort(participants.values()));
    }
  }

  private void add(SagaDefinition<?> definition) {
    if (definitions.put(new Key(definition.name(), definition.version()), definition) != null) {
      throw new IllegalArgumentException(
          "saga definition %s exists twice in version %d"
              .formatted(definition.name(), definition.version()));
    }
    newest.merge(definition.name(), definition, (a, b) -> a.version() > b.version() ? a : b);
  }

  private void add(ParticipantContract<?> participant) {
    var known = participants.putIfAbsent(participant.name(), participant);
    if (known != null && !known.equals(participant)) {
      throw new IllegalArgumentException(
          "participant %s has two different contracts".formatted(participant.name()));
    }
  }

  /** Has every participant as a step, so that whoever asks can be told to cancel. Never started. */
  private static SagaDefinition<?> presumedAbort(Collection<ParticipantContract<?>> participants) {
    var definition =
        SagaDefinition.named(PRESUMED_ABORT, Object.class)
            .deadline(Duration.ofMillis(1))
            .confirmBudget(Duration.ofMillis(1));
    for (var participant : participants) {
      definition.then(neverTried(participant));
    }
    return definition.build();
  }

  private static <T> Step<Object> neverTried(ParticipantContract<T> participant) {
    return Step.tcc(
        participant,
        _ -> {
          throw new IllegalStateException("a presumed abort tries nothing");
        });
  }

  /**
   * @throws InvalidMessage if there is none of that name
   */
  SagaDefinition<?> newest(String name) {
    var definition = newest.get(name);
    if (definition == null || name.equals(PRESUMED_ABORT)) {
      throw new InvalidMessage(
          "no saga definition is called %s; there are %s".formatted(name, newest.keySet()));
    }
    return definition;
  }

  SagaDefinition<?> presumedAbort() {
    return pinned(PRESUMED_ABORT, 1);
  }

  /**
   * @throws InvalidMessage if that version is not deployed
   */
  SagaDefinition<?> pinned(String name, int version) {
    var definition = definitions.get(new Key(name, version));
    if (definition == null) {
      throw new InvalidMessage(
          "saga definition %s is not deployed in version %d, which a running saga needs"
              .formatted(name, version));
    }
    return definition;
  }

  /**
   * Every definition in every version that is deployed, as {@code name version}: the sagas that
   * this instance can act for.
   */
  Collection<String> deployed() {
    return definitions.keySet().stream().map(key -> key.name() + " " + key.version()).toList();
  }

  /** The shortest deadline or await of any definition, or {@code atMost} if that is shorter. */
  Duration shortestDeadline(Duration atMost) {
    return newest.values().stream()
        .filter(definition -> !definition.name().equals(PRESUMED_ABORT))
        .flatMap(SagaDefinitions::limits)
        .min(Duration::compareTo)
        .filter(deadline -> deadline.compareTo(atMost) < 0)
        .orElse(atMost);
  }

  private static Stream<Duration> limits(SagaDefinition<?> definition) {
    return Stream.concat(
        Stream.of(definition.deadline()),
        definition.steps().stream()
            .flatMap(
                step ->
                    step instanceof Step.Awaited<?> awaited
                        ? Stream.of(awaited.limit())
                        : Stream.empty()));
  }

  /**
   * Names of the steps whose answer a stored saga waits for; while pivoting, that is the pivot.
   * None if its version is not deployed any more.
   */
  public List<String> waitingFor(String name, int version, boolean pivoting, long openSteps) {
    var open = new Steps(openSteps);
    var names = new ArrayList<String>();
    var definition = definitions.get(new Key(name, version));
    if (definition == null) {
      return names;
    }
    var steps = definition.steps();
    for (int i = 0; i < steps.size(); i++) {
      if (open.contains(i) || (pivoting && steps.get(i).kind() == Step.Kind.PIVOT)) {
        names.add(steps.get(i).name());
      }
    }
    return names;
  }

  /** Topics that participants read. */
  Collection<String> commandTopics() {
    var topics = new TreeSet<String>();
    participants.values().forEach(participant -> topics.add(participant.commandsTopic()));
    return topics;
  }

  /** Topics that participants write. */
  Collection<String> replyTopics() {
    var topics = new TreeSet<String>();
    participants.values().forEach(participant -> topics.add(participant.repliesTopic()));
    return topics;
  }
}
