package io.holdfast.saga;

import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.Reply;
import io.holdfast.saga.ModelParticipant.Outcome;
import io.holdfast.saga.SagaState.Cancelled;
import io.holdfast.saga.SagaState.Cancelling;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Visits every state that a scenario can get into, breadth first, and checks the invariants in each
 * and on the way to each.
 *
 * <p>A state is what survives a crash: the sagas' rows, the fences' rows, and the messages in
 * flight. An action is one transaction. A crash before its commit is no action at all; a crash
 * after it, before the message is acknowledged, is a message that is handled and stays in flight.
 * There is no inbox: every copy reaches the fence. With an inbox fewer copies do, which is a
 * network that loses them.
 */
final class Exploration {

  private static final Reason REASON = new Reason("ANY", "any reason");
  private static final Phase[] PHASES = Phase.values();

  /** Messages of one step of one saga: a command, a Done and a Refused for each phase. */
  private static final int KINDS = 9;

  private static final int ALL_FENCES = 16;
  private static final int STOCK = 56;
  private static final long BYTE = 0xFF;

  private static final int START = 0;
  private static final int DEADLINE_PASSES = 1;
  private static final int CANCEL_IS_REQUESTED = 2;
  private static final int RESEND_IS_DUE = 3;
  private static final int OUTSIDE_ANSWERS = 4;
  private static final int FENCE_MOVES_BY_ITSELF = 5;
  private static final int LOST = 6;
  private static final int ARRIVES = 7;

  private final Scenario scenario;
  private final Protocol protocol;
  private final Network network;
  private final boolean keepsEdges;
  private final boolean checksMoves;

  private final List<SagaState> sagas = new ArrayList<>();
  private final Map<SagaState, Integer> sagaNumbers = new HashMap<>();
  private final List<Fence> fences = new ArrayList<>();
  private final Map<Fence, Integer> fenceNumbers = new HashMap<>();
  private final @Nullable Decided[] decisionOf = new Decided[1 << 14];
  private final @Nullable List<Settled>[] outcomesOf = lists(1 << 14);

  private final StateTable states = new StateTable();
  private final StateTable controls = new StateTable();
  private int[] parents = new int[1 << 12];
  private int[] actions = new int[1 << 12];
  private int[] edges = new int[1 << 12];
  private int[] edgesFrom = new int[1 << 12];
  private int edgeCount;
  private long moves;
  private int current;

  /** A decision in the model's numbers. */
  private record Decided(int saga, Phase phase, Steps to) {}

  /** An outcome at a participant in the model's numbers; {@code answer} -1: nothing is said. */
  private record Settled(int fence, int answer, int stock) {}

  /**
   * What was explored.
   *
   * @param states different states
   * @param controls what the states are but for the messages in flight
   * @param moves actions that led from one state to another or back to one
   */
  record Result(int states, Set<String> controls, long moves) {}

  private Exploration(
      Scenario scenario,
      Protocol protocol,
      Network network,
      boolean keepsEdges,
      boolean checksMoves) {
    this.scenario = scenario;
    this.protocol = protocol;
    this.network = network;
    this.keepsEdges = keepsEdges;
    this.checksMoves = checksMoves;
  }

  /**
   * Safety: whatever arrives, in whatever order, however often.
   *
   * @param checksMoves false: only states are judged, not the moves between them
   * @throws Violation with the shortest way to it
   */
  static Result everlasting(Scenario scenario, Protocol protocol, boolean checksMoves) {
    var exploration =
        new Exploration(scenario, protocol, new Network.Everlasting(), false, checksMoves);
    exploration.explore();
    return exploration.result();
  }

  /**
   * Safety and liveness, where messages get lost.
   *
   * @param checksMoves false: only states are judged, not the moves between them
   * @throws Violation with the shortest way to it
   */
  static Result lossy(Scenario scenario, Protocol protocol, int room, boolean checksMoves) {
    var exploration =
        new Exploration(scenario, protocol, new Network.Lossy(room), true, checksMoves);
    exploration.explore();
    exploration.checkThatAllCanEnd();
    return exploration.result();
  }

  private Result result() {
    var told = new HashSet<String>();
    for (int number = 0; number < controls.size(); number++) {
      told.add(told(controls.first(number)));
    }
    return new Result(states.size(), told, moves);
  }

  // What follows from a state.

  private void explore() {
    try {
      start();
      for (current = 0; current < states.size(); current++) {
        edgesFrom = grown(edgesFrom, current + 1);
        edgesFrom[current] = edgeCount;
        expand(states.first(current), states.second(current));
      }
      edgesFrom[current] = edgeCount;
    } catch (Violation violation) {
      throw violation.after(wayTo(current));
    }
  }

  private void start() {
    long control = 0;
    long flight = Network.EMPTY;
    var first = protocol.start(scenario.plan());
    int none = numberOf(Fence.NONE);
    for (int saga = 0; saga < scenario.sagas(); saga++) {
      control = withSaga(control, saga, numberOf(first.next()));
      flight = sent(flight, saga, first.phase(), first.to());
      for (int step = 0; step < scenario.stepCount(); step++) {
        control = withFence(control, saga, step, none);
      }
    }
    control |= scenario.sharesStock() ? 1L << STOCK : 0;
    reach(control, flight, action(START, 0));
  }

  private void expand(long control, long flight) {
    for (int saga = 0; saga < scenario.sagas(); saga++) {
      decide(control, flight, saga, eventOf(0, 6), action(DEADLINE_PASSES, saga));
      decide(control, flight, saga, eventOf(0, 7), action(CANCEL_IS_REQUESTED, saga));
      decide(control, flight, saga, eventOf(0, 8), action(RESEND_IS_DUE, saga));
      for (int step = 0; step < scenario.stepCount(); step++) {
        settle(control, flight, saga, step);
      }
    }
    network.forEach(
        flight,
        message -> {
          deliver(control, flight, message);
          if (network.forgets()) {
            long rest = network.without(flight, message);
            reach(control, rest, action(LOST, message));
            deliver(control, rest, message);
          }
        });
  }

  private void deliver(long control, long flight, int message) {
    int kind = message % KINDS;
    int step = message / KINDS % scenario.stepCount();
    int saga = message / KINDS / scenario.stepCount();
    int action = action(ARRIVES, message);
    if (kind < PHASES.length) {
      int offered = scenario.sharesStock() && step == 0 && onOffer(control) > 0 ? 1 : 0;
      var outcomes = outcomesOf(fenceOf(control, saga, step), step, 2 * kind + offered);
      follow(control, flight, saga, step, outcomes, action);
    } else {
      decide(control, flight, saga, eventOf(step, kind - PHASES.length), action);
    }
  }

  private void settle(long control, long flight, int saga, int step) {
    int fence = fenceOf(control, saga, step);
    var outside = outcomesOf(fence, step, 6);
    follow(control, flight, saga, step, outside, action(OUTSIDE_ANSWERS, number(saga, step)));
    var alone = outcomesOf(fence, step, 7);
    int action = action(FENCE_MOVES_BY_ITSELF, number(saga, step));
    follow(control, flight, saga, step, alone, action);
  }

  private void follow(
      long control, long flight, int saga, int step, List<Settled> outcomes, int action) {
    for (var outcome : outcomes) {
      long next = withFence(control, saga, step, outcome.fence()) + stock(outcome.stock());
      long answered =
          outcome.answer() < 0
              ? flight
              : network.with(flight, number(saga, step) * KINDS + outcome.answer());
      reach(next, answered, action);
      if (!protocol.answersWithItsCommit()) {
        reach(control, answered, action);
      }
    }
  }

  private void decide(long control, long flight, int saga, int event, int action) {
    var decision = decisionOf(sagaOf(control, saga), event);
    long sent = sent(flight, saga, decision.phase(), decision.to());
    reach(withSaga(control, saga, decision.saga()), sent, action);
    if (!protocol.commandsWithItsCommit()) {
      reach(control, sent, action);
    }
  }

  private void reach(long control, long flight, int action) {
    moves++;
    int number = states.add(control, flight);
    if (keepsEdges) {
      edges = grown(edges, edgeCount);
      edges[edgeCount++] = number < 0 ? -1 - number : number;
    }
    if (number >= 0) {
      parents = grown(parents, number);
      actions = grown(actions, number);
      parents[number] = current;
      actions[number] = action;
      if (controls.add(control, 0) >= 0) {
        check(control, number);
      }
    }
  }

  private void check(long control, int number) {
    try {
      var ownFences = new ArrayList<Fence>();
      var shared = new ArrayList<Fence>();
      var ownSagas = new ArrayList<SagaState>();
      for (int saga = 0; saga < scenario.sagas(); saga++) {
        ownFences.clear();
        for (int step = 0; step < scenario.stepCount(); step++) {
          ownFences.add(fences.get(fenceOf(control, saga, step)));
        }
        var state = sagas.get(sagaOf(control, saga));
        Invariants.check(scenario.plan(), state, ownFences);
        ownSagas.add(state);
        shared.add(ownFences.getFirst());
      }
      if (scenario.sharesStock()) {
        Invariants.checkStock(available(control), ownSagas, shared);
      }
    } catch (Violation violation) {
      current = number;
      throw violation;
    }
  }

  // The protocol, asked once for each pair of state and event.

  private Decided decisionOf(int saga, int event) {
    int key = saga << 6 | event;
    var known = decisionOf[key];
    if (known == null) {
      known = decided(sagas.get(saga), event);
      decisionOf[key] = known;
    }
    return known;
  }

  private Decided decided(SagaState state, int event) {
    var decision = protocol.decide(scenario.plan(), state, eventFrom(event));
    if (decision.kind() == Decision.Kind.CONFLICT) {
      throw new Violation("no conflict", "%s meets %s".formatted(state, eventFrom(event)));
    }
    if (checksMoves) {
      Invariants.checkMove(state, decision.next());
    }
    return new Decided(numberOf(decision.next()), decision.phase(), decision.to());
  }

  private List<Settled> outcomesOf(int fence, int step, int question) {
    int key = (fence << 2 | step) << 3 | question;
    var known = outcomesOf[key];
    if (known == null) {
      known = outcomes(fences.get(fence), step, question);
      outcomesOf[key] = known;
    }
    return known;
  }

  private List<Settled> outcomes(Fence fence, int step, int question) {
    var participant =
        new ModelParticipant(
            protocol, scenario.participants().get(step), scenario.sharesStock() && step == 0);
    var outcomes =
        switch (question) {
          case 6 -> participant.settle(fence);
          case 7 -> protocol.byItself(fence).stream().map(Outcome::silent).toList();
          default -> participant.handle(fence, PHASES[question / 2], question % 2);
        };
    var settled = new ArrayList<Settled>();
    for (var outcome : outcomes) {
      if (checksMoves) {
        Invariants.checkMove(scenario.participants().get(step), fence, outcome.fence());
      }
      var phase = outcome.answered();
      int answer =
          phase == null ? -1 : PHASES.length + 2 * numberOf(phase) + (outcome.refused() ? 1 : 0);
      settled.add(new Settled(numberOf(outcome.fence()), answer, outcome.stock()));
    }
    return List.copyOf(settled);
  }

  private static int eventOf(int step, int kind) {
    return step * KINDS + kind;
  }

  private static SagaEvent eventFrom(int event) {
    int kind = event % KINDS;
    return switch (kind) {
      case 6 -> new SagaEvent.DeadlinePassed();
      case 7 -> new SagaEvent.CancelRequested(REASON);
      case 8 -> new SagaEvent.ResendDue();
      default ->
          new SagaEvent.Replied(
              event / KINDS,
              PHASES[kind / 2],
              kind % 2 == 0 ? Reply.Done.WITHOUT_DATA : new Reply.Refused(REASON));
    };
  }

  private long sent(long flight, int saga, Phase phase, Steps to) {
    long sent = flight;
    for (long rest = to.bits(); rest != 0; rest &= rest - 1) {
      int step = Long.numberOfTrailingZeros(rest);
      sent = network.with(sent, number(saga, step) * KINDS + numberOf(phase));
    }
    return sent;
  }

  /** Liveness: from every state an end can be reached, backwards from all the ends. */
  private void checkThatAllCanEnd() {
    int count = states.size();
    int[] starts = new int[count + 2];
    for (int edge = edgesFrom[0]; edge < edgeCount; edge++) {
      starts[edges[edge] + 2]++;
    }
    for (int state = 2; state < starts.length; state++) {
      starts[state] += starts[state - 1];
    }
    int[] sources = new int[edgeCount];
    for (int from = 0; from < count; from++) {
      for (int edge = edgesFrom[from]; edge < edgesFrom[from + 1]; edge++) {
        sources[starts[edges[edge] + 1]++] = from;
      }
    }
    var live = new BitSet(count);
    int[] queue = new int[count];
    int tail = 0;
    for (int state = 0; state < count; state++) {
      if (atRest(states.first(state))) {
        live.set(state);
        queue[tail++] = state;
      }
    }
    for (int head = 0; head < tail; head++) {
      int to = queue[head];
      for (int edge = starts[to]; edge < starts[to + 1]; edge++) {
        if (!live.get(sources[edge])) {
          live.set(sources[edge]);
          queue[tail++] = sources[edge];
        }
      }
    }
    int stuck = live.nextClearBit(0);
    if (stuck < count) {
      throw new Violation("T: every state can come to an end", "this one cannot")
          .after(wayTo(stuck));
    }
  }

  private boolean atRest(long control) {
    for (int saga = 0; saga < scenario.sagas(); saga++) {
      if (!sagas.get(sagaOf(control, saga)).isTerminal()) {
        return false;
      }
      for (int step = 0; step < scenario.stepCount(); step++) {
        if (!fences.get(fenceOf(control, saga, step)).atRest()) {
          return false;
        }
      }
    }
    return true;
  }

  // A state but for its messages, in one long: sagas, fences, stock.

  private int numberOf(SagaState state) {
    // The reason decides nothing: states that differ in it only are one state here.
    var plain =
        switch (state) {
          case Cancelling(Steps open, _) -> new Cancelling(open, REASON);
          case Cancelled _ -> new Cancelled(REASON);
          default -> state;
        };
    return sagaNumbers.computeIfAbsent(plain, added -> numbered(sagas, added));
  }

  private static int numberOf(Phase phase) {
    return switch (phase) {
      case TRY -> 0;
      case CONFIRM -> 1;
      case CANCEL -> 2;
    };
  }

  private int numberOf(Fence fence) {
    return fenceNumbers.computeIfAbsent(fence, added -> numbered(fences, added));
  }

  private static <T> int numbered(List<T> all, T added) {
    all.add(added);
    if (all.size() > BYTE) {
      throw new IllegalStateException("more than a byte of them");
    }
    return all.size() - 1;
  }

  private int number(int saga, int step) {
    return saga * scenario.stepCount() + step;
  }

  private static int sagaOf(long control, int saga) {
    return (int) ((control >>> (8 * saga)) & BYTE);
  }

  private static long withSaga(long control, int saga, int number) {
    return with(control, 8 * saga, number);
  }

  private int fenceOf(long control, int saga, int step) {
    return (int) ((control >>> (ALL_FENCES + 8 * number(saga, step))) & BYTE);
  }

  private long withFence(long control, int saga, int step, int number) {
    return with(control, ALL_FENCES + 8 * number(saga, step), number);
  }

  private static long with(long control, int shift, int number) {
    return (control & ~(BYTE << shift)) | ((long) number << shift);
  }

  private static long stock(int units) {
    return (long) units << STOCK;
  }

  private static int available(long control) {
    return (int) (control >> STOCK);
  }

  private int onOffer(long control) {
    int held = 0;
    for (int saga = 0; saga < scenario.sagas(); saga++) {
      held += fences.get(fenceOf(control, saga, 0)).held();
    }
    return protocol.onOffer(available(control), held);
  }

  // The way to a state, for people.

  private List<String> wayTo(int state) {
    var way = new ArrayDeque<String>();
    for (int at = state; at < states.size(); at = parents[at]) {
      way.addFirst("%-36s %s".formatted(told(actions[at]), told(states.first(at))));
      if (at == 0) {
        break;
      }
    }
    return List.copyOf(way);
  }

  private String told(long control) {
    var told = new StringBuilder();
    for (int saga = 0; saga < scenario.sagas(); saga++) {
      told.append(sagas.get(sagaOf(control, saga)));
      for (int step = 0; step < scenario.stepCount(); step++) {
        told.append(" | ").append(fences.get(fenceOf(control, saga, step)));
      }
      told.append(saga + 1 < scenario.sagas() ? " || " : "");
    }
    return told.toString();
  }

  private static int action(int kind, int what) {
    return kind << 8 | what;
  }

  private static String told(int action) {
    int what = action & 0xFF;
    return switch (action >> 8) {
      case START -> "the start";
      case DEADLINE_PASSES -> "deadline of saga %d passes".formatted(what);
      case CANCEL_IS_REQUESTED -> "cancel of saga %d is requested".formatted(what);
      case RESEND_IS_DUE -> "saga %d asks again".formatted(what);
      case OUTSIDE_ANSWERS -> "outside answers step %d".formatted(what);
      case FENCE_MOVES_BY_ITSELF -> "fence of step %d moves by itself".formatted(what);
      case LOST -> "%s is lost".formatted(message(what));
      case ARRIVES -> "%s arrives".formatted(message(what));
      default -> throw new IllegalArgumentException("no action " + action);
    };
  }

  private static String message(int message) {
    int kind = message % KINDS;
    int step = message / KINDS;
    return kind < PHASES.length
        ? "%s for %d".formatted(PHASES[kind], step)
        : "%s of %s by %d"
            .formatted(kind % 2 == 1 ? "done" : "refusal", PHASES[(kind - 3) / 2], step);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static @Nullable List<Settled>[] lists(int length) {
    return new List[length];
  }

  private static int[] grown(int[] array, int index) {
    return index < array.length ? array : Arrays.copyOf(array, 2 * array.length);
  }
}
