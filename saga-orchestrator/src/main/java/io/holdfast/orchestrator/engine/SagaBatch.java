package io.holdfast.orchestrator.engine;

import static io.holdfast.contracts.saga.SagaContract.ASK_OUTCOME_TYPE;
import static io.holdfast.contracts.saga.SagaContract.CANCEL_TYPE;
import static io.holdfast.contracts.saga.SagaContract.CONFLICT_TYPE;
import static io.holdfast.contracts.saga.SagaContract.DONE_TYPE;
import static io.holdfast.contracts.saga.SagaContract.ENDED_TYPE;
import static io.holdfast.contracts.saga.SagaContract.EVENTS_TOPIC;
import static io.holdfast.contracts.saga.SagaContract.REFUSED_TYPE;
import static io.holdfast.contracts.saga.SagaContract.REQUESTS_TOPIC;
import static io.holdfast.contracts.saga.SagaContract.START_TYPE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.Reply;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.saga.CancelSaga;
import io.holdfast.contracts.saga.SagaEnded;
import io.holdfast.contracts.saga.SagaEnded.Outcome;
import io.holdfast.contracts.saga.StartSaga;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.InvalidMessage;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.Outbox.Outgoing;
import io.holdfast.messaging.RedoBatch;
import io.holdfast.saga.Decision;
import io.holdfast.saga.SagaEvent;
import io.holdfast.saga.SagaMachine;
import io.holdfast.saga.SagaState.Cancelled;
import io.holdfast.saga.SagaState.Cancelling;
import io.holdfast.saga.SagaState.Completing;
import io.holdfast.saga.SagaState.Confirmed;
import io.holdfast.saga.SagaState.Confirming;
import io.holdfast.saga.SagaState.Pivoting;
import io.holdfast.saga.SagaState.Trying;
import io.holdfast.saga.Step;
import io.holdfast.saga.Steps;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The working copy of one batch: applies messages and timer events one after the other, later ones
 * seeing what earlier ones did, and collects what is to be stored and sent. Touches no database and
 * no broker.
 */
final class SagaBatch {

  static final String SOURCE = "/holdfast/saga-orchestrator";
  private static final byte[] NO_BODY = new byte[0];

  private final SagaDefinitions definitions;
  private final Map<SagaId, RunningSaga> sagas = new LinkedHashMap<>();
  private final Map<SagaId, Long> storedVersions = new LinkedHashMap<>();
  private final Set<SagaId> changed = new LinkedHashSet<>();
  private final Set<SagaId> resent = new LinkedHashSet<>();
  private final Set<SagaId> begunAnew = new LinkedHashSet<>();
  private final List<HistoryEntry> history = new ArrayList<>();
  private final List<Outgoing> outgoing = new ArrayList<>();
  private final List<Decision.Kind> decisions = new ArrayList<>();

  /** One line of a saga's timeline. */
  record HistoryEntry(SagaId saga, long version, String event, SagaColumns.Name state) {}

  SagaBatch(SagaDefinitions definitions, Collection<RunningSaga> stored) {
    this.definitions = definitions;
    for (var saga : stored) {
      sagas.put(saga.id(), saga);
      storedVersions.put(saga.id(), saga.version());
    }
  }

  /**
   * @throws RedoBatch if the saga is not visible yet
   * @throws InvalidMessage if the message is impossible
   */
  void apply(Envelope message) {
    switch (message.type()) {
      case START_TYPE -> start(message);
      case CANCEL_TYPE -> cancel(message);
      case ASK_OUTCOME_TYPE -> tellOutcome(message);
      case DONE_TYPE, REFUSED_TYPE, CONFLICT_TYPE -> reply(message);
      default ->
          throw new InvalidMessage("the orchestrator knows no message of type " + message.type());
    }
  }

  /** A saga whose {@code next_action_at} has come. */
  void due(SagaId id, boolean deadlinePassed) {
    var saga = known(id);
    boolean timedOut = deadlinePassed && saga.state() instanceof Trying;
    var event = timedOut ? new SagaEvent.DeadlinePassed() : new SagaEvent.ResendDue();
    String awaited = saga.awaited().map(step -> step.name()).orElse(null);
    String what =
        timedOut
            ? (awaited == null ? "deadline passed" : awaited + " did not come in time")
            : (awaited == null
                ? "no answer to attempt " + saga.attempt()
                : awaited + " has not come yet");
    resent.add(id);
    decide(saga, event, what, new Cause(saga, null));
  }

  private void start(Envelope message) {
    var start = Json.read(message.body(), StartSaga.class);
    var saga = sagas.get(message.sagaId());
    if (saga != null) {
      startAgain(saga, start, new Cause(saga, message));
      return;
    }
    var definition = definitions.newest(start.definition());
    var data = new StoredInput<>(definition, start.input(), noAnswers());
    var created =
        new RunningSaga(
            message.sagaId(),
            definition,
            new Trying(0, Steps.NONE, Steps.NONE),
            1,
            0,
            null,
            start.input(),
            noAnswers(),
            message.trace());
    follow(created, SagaMachine.start(data.plan()), "started", new Cause(created, message));
  }

  /**
   * The same start changes nothing; another one under the same id is somebody's mistake, and must
   * not be told the end of a saga that it did not start.
   */
  private void startAgain(RunningSaga saga, StartSaga start, Cause cause) {
    if (saga.definition().equals(definitions.presumedAbort())) {
      tellEnd(saga, start.definition(), cause);
    } else if (saga.wasStartedBy(start)) {
      tellEnd(saga, saga.definition().name(), cause);
    } else {
      decisions.add(Decision.Kind.CONFLICT);
      conflict(saga, "started again as another " + start.definition());
    }
  }

  private void cancel(Envelope message) {
    var saga = known(message.sagaId());
    var reason = Json.read(message.body(), CancelSaga.class).reason();
    decide(
        saga,
        new SagaEvent.CancelRequested(reason),
        "cancel requested: " + reason.detail(),
        new Cause(saga, message));
  }

  private void reply(Envelope message) {
    var saga = known(message.sagaId());
    int step = saga.stepNumber(message.step());
    var phase = message.phase();
    if (step < 0 || phase == null) {
      throw new InvalidMessage(
          "saga %s has no step %s that could have answered".formatted(saga.id(), message.step()));
    }
    String answersOn = answersOn(saga.definition().steps().get(step));
    if (!answersOn.equals(message.topic())) {
      throw new InvalidMessage(
          "%s answers on %s, this came from %s"
              .formatted(message.step(), answersOn, message.topic()));
    }
    var reply = replyOf(message);
    String what = message.step() + " " + phase + " " + describe(reply);
    boolean isPending = message.attempt() >= 1 && message.attempt() <= saga.attempt();
    if (!isPending && !(reply instanceof Reply.Conflict)) {
      note(saga, what + ", answering attempt " + message.attempt() + " that is not pending");
      decisions.add(Decision.Kind.IGNORED);
      return;
    }
    var answered =
        phase == Phase.TRY && reply instanceof Reply.Done(String data) && data != null
            ? saga.answered(
                saga.answers().deepCopy().set(message.step(), Json.read(data, JsonNode.class)))
            : saga;
    var decision =
        SagaMachine.decide(
            answered.data().plan(), saga.state(), new SagaEvent.Replied(step, phase, reply));
    // A late answer says nothing any more: what later steps were told stays true.
    follow(
        decision.kind() == Decision.Kind.MOVED ? answered : saga,
        decision,
        what,
        new Cause(saga, message));
  }

  /** Nobody may speak for a participant or a reviewer: brokers let each write only where it may. */
  private static String answersOn(Step<?> step) {
    return switch (step) {
      case Step.Asked<?> asked -> asked.participant().repliesTopic();
      case Step.Awaited<?> _ -> REQUESTS_TOPIC;
    };
  }

  /**
   * A participant holds something for long and asks. What nobody started is presumed aborted, and
   * recorded as such.
   */
  private void tellOutcome(Envelope message) {
    var saga = sagas.get(message.sagaId());
    if (saga == null) {
      var aborted =
          new RunningSaga(
              message.sagaId(),
              definitions.presumedAbort(),
              new Cancelled(Reason.UNKNOWN_SAGA),
              1,
              0,
              null,
              "{}",
              noAnswers(),
              message.trace());
      saga =
          store(
              aborted.moved(aborted.state(), 1, null), message.step() + " asked: presumed aborted");
    }
    int step = saga.stepNumber(message.step());
    if (step < 0 || saga.definition().steps().get(step) instanceof Step.Awaited<?>) {
      throw new InvalidMessage(
          "saga %s has no step %s that could ask".formatted(saga.id(), message.step()));
    }
    var asker = Steps.of(step);
    var cause = new Cause(saga, message);
    switch (saga.state()) {
      case Trying _, Pivoting _ -> {}
      case Completing(_, Steps open) when open.contains(step) ->
          send(saga, Phase.TRY, asker, cause);
      case Confirming _, Completing _, Confirmed _ -> {
        if (saga.definition().steps().get(step).kind() != Step.Kind.RETRIABLE) {
          send(saga, Phase.CONFIRM, asker, cause);
        }
      }
      case Cancelling _, Cancelled _ -> send(saga, Phase.CANCEL, asker, cause);
    }
  }

  private void decide(RunningSaga saga, SagaEvent event, String what, Cause cause) {
    follow(saga, SagaMachine.decide(saga.data().plan(), saga.state(), event), what, cause);
  }

  private void follow(RunningSaga saga, Decision decision, String what, Cause cause) {
    decisions.add(decision.kind());
    switch (decision.kind()) {
      case MOVED -> {
        var moved =
            store(
                saga.moved(decision.next(), decision.to().isEmpty() ? saga.attempt() : 1, null),
                what + asking(saga, decision));
        if (!saga.awaited().equals(moved.awaited())) {
          begunAnew.add(moved.id());
        }
        send(moved, decision.phase(), decision.to(), cause);
        if (moved.state().isTerminal()) {
          tellEnd(moved, moved.definition().name(), cause);
        }
      }
      case RESENT -> {
        var again =
            store(
                saga.moved(saga.state(), saga.attempt() + 1, saga.attention()),
                what + asking(saga, decision));
        send(again, decision.phase(), decision.to(), cause);
      }
      case IGNORED -> note(saga, what + " (too late, nothing changed)");
      case CONFLICT -> conflict(saga, what);
    }
  }

  private void conflict(RunningSaga saga, String what) {
    store(saga.moved(saga.state(), saga.attempt(), what), "CONFLICT: " + what);
  }

  private static String asking(RunningSaga saga, Decision decision) {
    var names = new ArrayList<String>();
    decision.to().forEach(step -> names.add(saga.definition().steps().get(step).name()));
    return names.isEmpty()
        ? awaiting(saga, decision)
        : ", asking " + String.join(" and ", names) + " to " + decision.phase();
  }

  private static String awaiting(RunningSaga saga, Decision decision) {
    return decision.kind() == Decision.Kind.MOVED
        ? saga.definition()
            .awaitedIn(decision.next())
            .map(step -> ", awaiting " + step.name())
            .orElse("")
        : "";
  }

  private void note(RunningSaga saga, String what) {
    store(saga.moved(saga.state(), saga.attempt(), saga.attention()), what);
  }

  private RunningSaga store(RunningSaga saga, String what) {
    sagas.put(saga.id(), saga);
    changed.add(saga.id());
    history.add(new HistoryEntry(saga.id(), saga.version(), what, SagaColumns.of(saga).name()));
    return saga;
  }

  private void send(RunningSaga saga, Phase phase, Steps steps, Cause cause) {
    steps.forEach(
        number -> {
          var contract = participant(saga.definition().steps().get(number));
          byte[] body = phase == Phase.TRY ? saga.data().tryRequest(number) : NO_BODY;
          outgoing.add(
              new Outgoing(
                  contract.commandsTopic(),
                  cause
                      .message(contract.commandType(phase), body)
                      .about(contract.name(), phase, saga.attempt())));
        });
  }

  private static ParticipantContract<?> participant(Step<?> step) {
    return switch (step) {
      case Step.Asked<?> asked -> asked.participant();
      case Step.Awaited<?> awaited ->
          throw new IllegalStateException(awaited.name() + " is awaited, not asked");
    };
  }

  /**
   * Whoever started an ended saga, perhaps again because the first word was lost, hears how it
   * ended.
   *
   * @param definition what the one who hears it has started
   */
  private void tellEnd(RunningSaga saga, String definition, Cause cause) {
    var ended =
        switch (saga.state()) {
          case Confirmed() ->
              new SagaEnded(definition, Outcome.CONFIRMED, null, saga.data().result());
          case Cancelled(Reason reason) -> new SagaEnded(definition, Outcome.CANCELLED, reason);
          case Trying _, Pivoting _, Confirming _, Completing _, Cancelling _ -> null;
        };
    if (ended != null) {
      outgoing.add(new Outgoing(EVENTS_TOPIC, cause.message(ENDED_TYPE, Json.bytes(ended))));
    }
  }

  private RunningSaga known(SagaId id) {
    var saga = sagas.get(id);
    if (saga == null) {
      throw new RedoBatch("saga " + id + " is not visible");
    }
    return saga;
  }

  private static Reply replyOf(Envelope message) {
    return switch (message.type()) {
      case DONE_TYPE ->
          message.body().length == 0
              ? Reply.Done.WITHOUT_DATA
              : new Reply.Done(new String(message.body(), UTF_8));
      case REFUSED_TYPE -> new Reply.Refused(Json.read(message.body(), Reason.class));
      default -> new Reply.Conflict(Json.read(message.body(), Reason.class));
    };
  }

  private static String describe(Reply reply) {
    return switch (reply) {
      case Reply.Done _ -> "done";
      case Reply.Refused(Reason reason) -> "refused: " + reason.detail();
      case Reply.Conflict(Reason reason) -> "conflict: " + reason.detail();
    };
  }

  private static ObjectNode noAnswers() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** What a message follows from: another message, or the saga's own timer. */
  private record Cause(RunningSaga saga, @Nullable Envelope message) {

    Envelope message(String type, byte[] body) {
      return message == null
          ? Envelope.first(SOURCE, type, saga.id(), saga.trace().child(), body)
          : message.causes(SOURCE, type, body);
    }
  }

  /** Sagas that are not stored yet. */
  List<RunningSaga> created() {
    return changed.stream().filter(id -> !storedVersions.containsKey(id)).map(this::known).toList();
  }

  /**
   * How many sagas have begun to wait for participants: those that are new, unless they await a
   * signal, and those whose signal has come.
   */
  int tryingForTheFirstTime() {
    return Math.toIntExact(
        changed.stream()
            .map(this::known)
            .filter(saga -> !storedVersions.containsKey(saga.id()) || timeBeginsAnew(saga))
            .filter(saga -> saga.awaited().isEmpty())
            .count());
  }

  /** Stored sagas that changed. */
  List<RunningSaga> updated() {
    return changed.stream().filter(storedVersions::containsKey).map(this::known).toList();
  }

  /** The version that {@code saga}'s row had when it was loaded. */
  long storedVersion(RunningSaga saga) {
    return storedVersions.getOrDefault(saga.id(), 0L);
  }

  /** Whether the next look at {@code saga} counts from now, because its timer has just fired. */
  boolean timerFired(RunningSaga saga) {
    return resent.contains(saga.id());
  }

  /** Whether {@code saga} has begun or ceased to await something, and its time begins anew. */
  boolean timeBeginsAnew(RunningSaga saga) {
    return begunAnew.contains(saga.id()) && saga.state() instanceof Trying;
  }

  List<HistoryEntry> history() {
    return history;
  }

  List<Outgoing> outgoing() {
    return outgoing;
  }

  List<Decision.Kind> decisions() {
    return decisions;
  }
}
