package io.holdfast.saga;

import static io.holdfast.saga.Plan.steps;

import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.Reply;
import io.holdfast.saga.SagaEvent.CancelRequested;
import io.holdfast.saga.SagaEvent.DeadlinePassed;
import io.holdfast.saga.SagaEvent.Replied;
import io.holdfast.saga.SagaEvent.ResendDue;
import io.holdfast.saga.SagaState.Cancelled;
import io.holdfast.saga.SagaState.Cancelling;
import io.holdfast.saga.SagaState.Completing;
import io.holdfast.saga.SagaState.Confirmed;
import io.holdfast.saga.SagaState.Confirming;
import io.holdfast.saga.SagaState.Pivoting;
import io.holdfast.saga.SagaState.Trying;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows, columns and the notation of the saga's transition table. */
final class TransitionTable {

  private static final Plan WITH_PIVOT = Plan.of(steps(2), steps(0, 1), steps(2));
  private static final Plan WITHOUT_PIVOT = Plan.of(Steps.NONE, steps(0, 1));
  private static final Plan ONE_STEP = Plan.of(Steps.NONE, steps(0));
  private static final Plan AWAIT_FIRST =
      Plan.of(Steps.NONE, steps(0), steps(1)).awaiting(steps(0));
  private static final Plan AWAIT_LATER =
      Plan.of(Steps.NONE, steps(0), steps(1), steps(2)).awaiting(steps(1));
  private static final Plan THEN_RETRIABLE =
      Plan.of(Steps.NONE, steps(0)).thenRetriable(steps(1, 2), steps(3));
  private static final Reason EARLIER = new Reason("EARLIER", "it was cancelled earlier");
  private static final Reason ASKED = new Reason("ASKED", "somebody asked for it");
  private static final Reason NO = new Reason("NO", "the participant said no");

  /**
   * A state, in the plan that it is seen in.
   *
   * @param step the step that an awaited answer is of
   * @param other a step whose answer is not awaited
   */
  record Column(String name, Plan plan, SagaState state, int step, int other) {}

  /** An event, as it looks in any column. */
  record Row(String name, EventAt event) {}

  interface EventAt {
    SagaEvent in(Column column);
  }

  static final List<Column> COLUMNS =
      List.of(
          column(WITH_PIVOT, new Trying(0, steps(0, 1), Steps.NONE), 0, 2),
          column(WITH_PIVOT, new Trying(0, steps(0), steps(1)), 0, 1),
          column(WITH_PIVOT, new Trying(1, steps(2), steps(0, 1)), 2, 0),
          column(WITHOUT_PIVOT, new Trying(0, steps(0), steps(1)), 0, 1),
          column(ONE_STEP, new Trying(0, steps(0), Steps.NONE), 0, 1),
          column(WITH_PIVOT, new Pivoting(steps(0, 1, 2)), 2, 0),
          column(WITH_PIVOT, new Pivoting(steps(2)), 2, 0),
          column(WITH_PIVOT, new Confirming(steps(0, 1)), 0, 2),
          column(WITH_PIVOT, new Confirming(steps(1)), 1, 0),
          column(WITH_PIVOT, new Cancelling(steps(1, 2), EARLIER), 1, 0),
          column(WITH_PIVOT, new Cancelling(steps(1), EARLIER), 1, 0),
          column(WITH_PIVOT, new Confirmed(), 0, 2),
          column(WITH_PIVOT, new Cancelled(EARLIER), 0, 2),
          column(AWAIT_FIRST, new Trying(0, steps(0), Steps.NONE), 0, 1),
          column(AWAIT_LATER, new Trying(1, steps(1), steps(0)), 1, 0),
          column(THEN_RETRIABLE, new Confirming(steps(0)), 0, 1),
          column(THEN_RETRIABLE, new Completing(1, steps(1, 2)), 1, 0),
          column(THEN_RETRIABLE, new Completing(1, steps(2)), 2, 1),
          column(THEN_RETRIABLE, new Completing(2, steps(3)), 3, 0));

  private TransitionTable() {}

  static List<Row> rows() {
    var rows = new ArrayList<Row>();
    for (var phase : Phase.values()) {
      for (var reply :
          List.of(Reply.Done.WITHOUT_DATA, new Reply.Refused(NO), new Reply.Conflict(NO))) {
        var name = lower(phase.name()) + " " + lower(reply.getClass().getSimpleName());
        rows.add(new Row(name, column -> new Replied(column.step(), phase, reply)));
        rows.add(
            new Row(name + ", not awaited", column -> new Replied(column.other(), phase, reply)));
      }
    }
    rows.add(new Row("deadline passed", _ -> new DeadlinePassed()));
    rows.add(new Row("cancel requested", _ -> new CancelRequested(ASKED)));
    rows.add(new Row("re-send due", _ -> new ResendDue()));
    return List.copyOf(rows);
  }

  static String cell(Row row, Column column) {
    var state = column.state();
    var decision = SagaMachine.decide(column.plan(), state, row.event().in(column));
    var commands =
        decision.to().isEmpty()
            ? ""
            : " > %s %s".formatted(lower(decision.phase().name()), digits(decision.to()));
    boolean stays = decision.next().equals(state);
    return switch (decision.kind()) {
      case MOVED -> (stays ? "moved nowhere" : name(decision.next())) + commands;
      case RESENT -> (stays ? "again" : "again, and moved") + commands;
      case IGNORED -> stays && commands.isEmpty() ? "-" : "ignored, and moved";
      case CONFLICT -> stays && commands.isEmpty() ? "!" : "conflict, and moved";
    };
  }

  static String name(SagaState state) {
    return switch (state) {
      case Trying(int stage, Steps open, Steps held) ->
          "T%d %s/%s".formatted(stage, digits(open), digits(held));
      case Pivoting(Steps held) -> "P " + digits(held);
      case Confirming(Steps open) -> "C " + digits(open);
      case Completing(int stage, Steps open) -> "R%d %s".formatted(stage, digits(open));
      case Cancelling(Steps open, Reason reason) ->
          "X %s %s".formatted(digits(open), brief(reason));
      case Confirmed _ -> "confirmed";
      case Cancelled(Reason reason) -> "cancelled " + brief(reason);
    };
  }

  private static Column column(Plan plan, SagaState state, int step, int other) {
    return new Column(name(state) + plan(plan), plan, state, step, other);
  }

  private static String plan(Plan plan) {
    if (!plan.awaited().isEmpty()) {
      return " (await)";
    }
    if (plan.decisionStage() < plan.stageCount()) {
      return " (retriable)";
    }
    if (plan.pivot().isEmpty()) {
      return plan.active().size() == 1 ? " (one step)" : " (no pivot)";
    }
    return "";
  }

  private static String brief(Reason reason) {
    if (reason.equals(Reason.NOT_ANSWERED_IN_TIME)) {
      return "UNANSWERED";
    }
    return reason.equals(Reason.DEADLINE_PASSED) ? "LATE" : reason.code();
  }

  private static String digits(Steps steps) {
    var digits = new StringBuilder();
    steps.forEach(digits::append);
    return digits.isEmpty() ? "-" : digits.toString();
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
