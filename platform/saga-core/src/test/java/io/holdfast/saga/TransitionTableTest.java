package io.holdfast.saga;

import static io.holdfast.saga.TransitionTable.COLUMNS;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Says for every pair of state and event what has to follow, and draws docs/saga-states.md from
 * what does follow.
 *
 * <p>Notation: {@code T0 01/-} is Trying in stage 0, steps 0 and 1 open, none held; {@code P}
 * Pivoting, {@code C} Confirming, {@code R1 2} Completing in stage 1, {@code X} Cancelling, each
 * with its steps; {@code > try 2} sends a command; {@code -} is ignored, {@code !} is a conflict,
 * {@code again} a re-send.
 */
@Tag("F1")
@Tag("F2")
@Tag("F4")
@Tag("F5")
@Tag("F10")
@Tag("F15")
final class TransitionTableTest {

  private static final String WHILE_TRYING =
      """
                                    | T0 01/-                | T0 0/1                 | T1 2/01                  | T0 0/1 (no pivot)      | T0 0/- (one step)
      try done                      | T0 1/0                 | T1 2/01 > try 2        | P 012 > confirm 2        | C 01 > confirm 01      | C 0 > confirm 0
      try done, not awaited         | -                      | -                      | -                        | -                      | -
      try refused                   | X 1 NO > cancel 1      | X 1 NO > cancel 1      | X 01 NO > cancel 01      | X 1 NO > cancel 1      | cancelled NO
      try refused, not awaited      | -                      | -                      | -                        | -                      | -
      try conflict                  | !                      | !                      | !                        | !                      | !
      try conflict, not awaited     | !                      | !                      | !                        | !                      | !
      confirm done                  | !                      | !                      | !                        | !                      | !
      confirm done, not awaited     | !                      | !                      | !                        | !                      | !
      confirm refused               | !                      | !                      | !                        | !                      | !
      confirm refused, not awaited  | !                      | !                      | !                        | !                      | !
      confirm conflict              | !                      | !                      | !                        | !                      | !
      confirm conflict, not awaited | !                      | !                      | !                        | !                      | !
      cancel done                   | !                      | !                      | !                        | !                      | !
      cancel done, not awaited      | !                      | !                      | !                        | !                      | !
      cancel refused                | !                      | !                      | !                        | !                      | !
      cancel refused, not awaited   | !                      | !                      | !                        | !                      | !
      cancel conflict               | !                      | !                      | !                        | !                      | !
      cancel conflict, not awaited  | !                      | !                      | !                        | !                      | !
      deadline passed               | X 01 LATE > cancel 01  | X 01 LATE > cancel 01  | X 012 LATE > cancel 012  | X 01 LATE > cancel 01  | X 0 LATE > cancel 0
      cancel requested              | X 01 ASKED > cancel 01 | X 01 ASKED > cancel 01 | X 012 ASKED > cancel 012 | X 01 ASKED > cancel 01 | X 0 ASKED > cancel 0
      re-send due                   | again > try 01         | again > try 0          | again > try 2            | again > try 0          | again > try 0
      """;

  private static final String WHILE_CONFIRMING =
      """
                                    | P 012                 | P 2               | C 01               | C 1
      try done                      | -                     | -                 | -                  | -
      try done, not awaited         | -                     | -                 | -                  | -
      try refused                   | -                     | -                 | -                  | -
      try refused, not awaited      | -                     | -                 | -                  | -
      try conflict                  | !                     | !                 | !                  | !
      try conflict, not awaited     | !                     | !                 | !                  | !
      confirm done                  | C 01 > confirm 01     | confirmed         | C 1                | confirmed
      confirm done, not awaited     | !                     | !                 | -                  | -
      confirm refused               | X 012 NO > cancel 012 | X 2 NO > cancel 2 | !                  | !
      confirm refused, not awaited  | !                     | !                 | -                  | -
      confirm conflict              | !                     | !                 | !                  | !
      confirm conflict, not awaited | !                     | !                 | !                  | !
      cancel done                   | !                     | !                 | !                  | !
      cancel done, not awaited      | !                     | !                 | !                  | !
      cancel refused                | !                     | !                 | !                  | !
      cancel refused, not awaited   | !                     | !                 | !                  | !
      cancel conflict               | !                     | !                 | !                  | !
      cancel conflict, not awaited  | !                     | !                 | !                  | !
      deadline passed               | -                     | -                 | -                  | -
      cancel requested              | -                     | -                 | -                  | -
      re-send due                   | again > confirm 2     | again > confirm 2 | again > confirm 01 | again > confirm 1
      """;

  private static final String WHILE_CANCELLING_AND_ONCE_ENDED =
      """
                                    | X 12 EARLIER      | X 1 EARLIER       | confirmed | cancelled EARLIER
      try done                      | -                 | -                 | -         | -
      try done, not awaited         | -                 | -                 | -         | -
      try refused                   | -                 | -                 | -         | -
      try refused, not awaited      | -                 | -                 | -         | -
      try conflict                  | !                 | !                 | !         | !
      try conflict, not awaited     | !                 | !                 | !         | !
      confirm done                  | !                 | !                 | -         | !
      confirm done, not awaited     | !                 | !                 | -         | !
      confirm refused               | -                 | -                 | -         | -
      confirm refused, not awaited  | -                 | -                 | -         | -
      confirm conflict              | !                 | !                 | !         | !
      confirm conflict, not awaited | !                 | !                 | !         | !
      cancel done                   | X 2 EARLIER       | cancelled EARLIER | !         | -
      cancel done, not awaited      | -                 | -                 | !         | -
      cancel refused                | !                 | !                 | -         | -
      cancel refused, not awaited   | -                 | -                 | -         | -
      cancel conflict               | !                 | !                 | !         | !
      cancel conflict, not awaited  | !                 | !                 | !         | !
      deadline passed               | -                 | -                 | -         | -
      cancel requested              | -                 | -                 | -         | -
      re-send due                   | again > cancel 12 | again > cancel 1  | -         | -
      """;

  private static final String WHILE_AWAITING_AND_COMPLETING =
      """
                                    | T0 0/- (await)       | T1 1/0 (await)            | C 0 (retriable)   | R1 12 (retriable) | R1 2 (retriable) | R2 3 (retriable)
      try done                      | T1 1/- > try 1       | T2 2/0 > try 2            | -                 | R1 2              | R2 3 > try 3     | confirmed
      try done, not awaited         | -                    | -                         | -                 | -                 | -                | -
      try refused                   | cancelled NO         | X 0 NO > cancel 0         | -                 | !                 | !                | !
      try refused, not awaited      | -                    | -                         | -                 | -                 | -                | -
      try conflict                  | !                    | !                         | !                 | !                 | !                | !
      try conflict, not awaited     | !                    | !                         | !                 | !                 | !                | !
      confirm done                  | !                    | !                         | R1 12 > try 12    | -                 | -                | -
      confirm done, not awaited     | !                    | !                         | -                 | -                 | -                | -
      confirm refused               | !                    | !                         | !                 | -                 | -                | -
      confirm refused, not awaited  | !                    | !                         | -                 | -                 | -                | -
      confirm conflict              | !                    | !                         | !                 | !                 | !                | !
      confirm conflict, not awaited | !                    | !                         | !                 | !                 | !                | !
      cancel done                   | !                    | !                         | !                 | !                 | !                | !
      cancel done, not awaited      | !                    | !                         | !                 | !                 | !                | !
      cancel refused                | !                    | !                         | !                 | !                 | !                | !
      cancel refused, not awaited   | !                    | !                         | !                 | !                 | !                | !
      cancel conflict               | !                    | !                         | !                 | !                 | !                | !
      cancel conflict, not awaited  | !                    | !                         | !                 | !                 | !                | !
      deadline passed               | cancelled UNANSWERED | X 0 UNANSWERED > cancel 0 | -                 | -                 | -                | -
      cancel requested              | cancelled ASKED      | X 0 ASKED > cancel 0      | -                 | -                 | -                | -
      re-send due                   | again                | again                     | again > confirm 0 | again > try 12    | again > try 2    | again > try 3
      """;

  private static final String FENCE =
      """
      state      |          | try             | confirm        | cancel
      none       |          | APPLY           | MISSING_TRY    | ENTOMB
      TRYING     |          | AWAIT           | CONFLICT       | APPLY
      TRYING     | declined | AWAIT           | CONFLICT       | APPLY
      TRIED      |          | REPEAT_DONE     | APPLY          | APPLY
      TRIED      | declined | REPEAT_DONE     | APPLY          | APPLY
      REFUSED    |          | REPEAT_REFUSED  | CONFLICT       | REPEAT_DONE
      REFUSED    | declined | REPEAT_REFUSED  | CONFLICT       | REPEAT_DONE
      CONFIRMING |          | REPEAT_DONE     | AWAIT          | CONFLICT
      CONFIRMING | declined | REPEAT_DONE     | AWAIT          | CONFLICT
      CONFIRMED  |          | REPEAT_DONE     | REPEAT_DONE    | CONFLICT
      CONFIRMED  | declined | REPEAT_DONE     | REPEAT_DONE    | CONFLICT
      DECLINED   |          | REPEAT_DONE     | REPEAT_REFUSED | APPLY
      DECLINED   | declined | REPEAT_DONE     | REPEAT_REFUSED | APPLY
      CANCELLING |          | REFUSE_LATE_TRY | CONFLICT       | AWAIT
      CANCELLING | declined | REFUSE_LATE_TRY | REPEAT_REFUSED | AWAIT
      CANCELLED  |          | REFUSE_LATE_TRY | CONFLICT       | REPEAT_DONE
      CANCELLED  | declined | REFUSE_LATE_TRY | REPEAT_REFUSED | REPEAT_DONE
      EMPTY      |          | REFUSE_LATE_TRY | CONFLICT       | REPEAT_DONE
      EMPTY      | declined | REFUSE_LATE_TRY | CONFLICT       | REPEAT_DONE
      """;

  private static final Path DOCUMENT = Path.of("..", "..", "docs", "saga-states.md");
  private static final String WRITE = "holdfast.docs.write";

  @Test
  void everyStateAndEventHasItsDecision() {
    var expected = new LinkedHashMap<String, String>();
    for (var table :
        List.of(
            WHILE_TRYING,
            WHILE_CONFIRMING,
            WHILE_CANCELLING_AND_ONCE_ENDED,
            WHILE_AWAITING_AND_COMPLETING)) {
      expected.putAll(cells(table, 1));
    }

    var decided = new LinkedHashMap<String, String>();
    for (var column : COLUMNS) {
      for (var row : TransitionTable.rows()) {
        decided.put(row.name() + " @ " + column.name(), TransitionTable.cell(row, column));
      }
    }

    assertThat(decided.keySet())
        .as("cells that are reached, and expected")
        .isEqualTo(expected.keySet());
    assertThat(decided).containsExactlyInAnyOrderEntriesOf(expected);
  }

  @Test
  void leavesNoKindOfStateOrEventOut() {
    var states = COLUMNS.stream().map(column -> column.state().getClass().getName());
    var events =
        TransitionTable.rows().stream().map(row -> row.event().in(COLUMNS.getFirst())).toList();
    var replies =
        events.stream()
            .flatMap(
                event ->
                    event instanceof SagaEvent.Replied(_, Phase phase, Reply reply)
                        ? Stream.of(phase + " " + reply.getClass())
                        : Stream.empty());

    assertThat(states.distinct()).containsExactlyInAnyOrderElementsOf(kinds(SagaState.class));
    assertThat(events.stream().map(event -> event.getClass().getName()).distinct())
        .containsExactlyInAnyOrderElementsOf(kinds(SagaEvent.class));
    assertThat(replies.distinct()).hasSize(Phase.values().length * kinds(Reply.class).size());
  }

  @Test
  void everyFenceStateAndCommandHasItsMove() {
    var expected = cells(FENCE, 2);

    var moves = new LinkedHashMap<String, String>();
    for (var phase : Phase.values()) {
      moves.put(cell(phase, "none", false), FenceMove.first(phase).name());
      for (var state : FenceState.values()) {
        for (boolean declined : new boolean[] {false, true}) {
          moves.put(
              cell(phase, state.name(), declined), FenceMove.next(state, declined, phase).name());
        }
      }
    }

    assertThat(moves.keySet())
        .as("cells that are reached, and expected")
        .isEqualTo(expected.keySet());
    assertThat(moves).containsExactlyInAnyOrderEntriesOf(expected);
  }

  @Test
  void startsWithTheFirstStageThatHasAnythingToDo() {
    var one = Plan.steps(1);

    assertThat(SagaMachine.start(Plan.of(Steps.NONE, Steps.NONE, one)))
        .isEqualTo(
            new Decision(
                new SagaState.Trying(1, one, Steps.NONE), Phase.TRY, one, Decision.Kind.MOVED));
    assertThat(SagaMachine.start(Plan.of(Steps.NONE, Steps.NONE)).next())
        .isEqualTo(new SagaState.Confirmed());
    assertThat(SagaMachine.start(Plan.of(Steps.NONE, one).awaiting(one)))
        .isEqualTo(
            new Decision(
                new SagaState.Trying(0, one, Steps.NONE),
                Phase.TRY,
                Steps.NONE,
                Decision.Kind.MOVED));
    assertThat(SagaMachine.start(Plan.of(Steps.NONE, Steps.NONE).thenRetriable(Steps.NONE, one)))
        .isEqualTo(
            new Decision(new SagaState.Completing(2, one), Phase.TRY, one, Decision.Kind.MOVED));
  }

  @Test
  void theDocumentShowsTheCode() throws IOException {
    var document = document();

    if (Boolean.getBoolean(WRITE)) {
      Files.createDirectories(DOCUMENT.getParent());
      Files.writeString(DOCUMENT, document);
    }

    assertThat(Files.exists(DOCUMENT) ? Files.readString(DOCUMENT) : "")
        .as(
            "docs/saga-states.md is not what the code does: write it anew with"
                + " `mvn -pl platform/saga-core -am test -Dtest=TransitionTableTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -D"
                + WRITE
                + "=true`, look at the difference, and commit it")
        .isEqualTo(document);
  }

  /**
   * The cells of a table as text, by row and column; the first {@code labels} columns name a row.
   */
  private static Map<String, String> cells(String table, int labels) {
    var lines = table.lines().map(TransitionTableTest::split).toList();
    var cells = new LinkedHashMap<String, String>();
    for (var line : lines.subList(1, lines.size())) {
      var row = String.join(" ", line.subList(0, labels)).strip();
      for (int n = labels; n < line.size(); n++) {
        var former = cells.put(row + " @ " + lines.getFirst().get(n), line.get(n));
        assertThat(former).as("a cell given twice").isNull();
      }
    }
    return cells;
  }

  private static List<String> split(String line) {
    return Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
  }

  private static String cell(Phase phase, String state, boolean declined) {
    return "%s @ %s"
        .formatted(declined ? state + " declined" : state, phase.name().toLowerCase(Locale.ROOT));
  }

  private static List<String> kinds(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses()).map(Class::getName).toList();
  }

  private static String document() {
    return """
        # States of a saga and of a fence

        Generated by `TransitionTableTest` from `SagaMachine` and `FenceMove`: do not edit.

        ## Saga

        ```mermaid
        stateDiagram-v2
        %s
        ```

        What is not drawn changes nothing. Steps are numbered as in the definition; here stage 0 has the steps 0 and 1,
        stage 1 has step 2, the pivot.
        `T0 01/-` is Trying in stage 0, steps 0 and 1 open, none held. `P` is Pivoting, `C` Confirming, `X` Cancelling,
        each with its steps (`P`: held, otherwise: open) and, where it cancels, the reason. `R1 2` is Completing: stage 1,
        step 2 open.
        `> try 2` sends a command, `again` sends open commands again, `-` is ignored, `!` is a conflict:
        nothing moves, an operator has to look. In `(await)` the open step is awaited: nobody is asked, tried or told to
        cancel. In `(retriable)` step 0 is followed by stage 1 with the retriable steps 1 and 2, and stage 2 with step 3.

        %s
        ## Fence

        What a participant does with a command, by what it did before. *Declined* is a fence whose confirm the outside
        world has declined.

        %s
        | move | meaning |
        | --- | --- |
        | APPLY | ask the domain |
        | ENTOMB | nothing was tried: leave a tombstone (EMPTY), answer that it is done |
        | REPEAT_DONE | answer again that it is done, change nothing |
        | REPEAT_REFUSED | answer again that it is refused, with the same reason, change nothing |
        | REFUSE_LATE_TRY | cancelled before: refuse the try |
        | AWAIT | under way: its answer will follow |
        | MISSING_TRY | no try is visible: look again, then it is a conflict |
        | CONFLICT | contradicts what was done: change nothing, call an operator |
        """
        .formatted(
            diagram(),
            Stream.of(
                    COLUMNS.subList(0, 5),
                    COLUMNS.subList(5, 9),
                    COLUMNS.subList(9, 13),
                    COLUMNS.subList(13, COLUMNS.size()))
                .map(TransitionTableTest::sagaTable)
                .collect(joining("\n")),
            fenceTable());
  }

  private static String diagram() {
    var arrows = new LinkedHashMap<String, LinkedHashSet<String>>();
    for (var column : COLUMNS) {
      for (var row : TransitionTable.rows()) {
        var decision = SagaMachine.decide(column.plan(), column.state(), row.event().in(column));
        if (decision.kind() == Decision.Kind.MOVED) {
          var arrow = "%s --> %s".formatted(kind(column.state()), kind(decision.next()));
          arrows.computeIfAbsent(arrow, _ -> new LinkedHashSet<>()).add(row.name());
        }
      }
    }
    var lines = new ArrayList<String>();
    lines.add("    [*] --> Trying: start");
    arrows.forEach(
        (arrow, events) -> lines.add("    " + arrow + ": " + String.join(" / ", events)));
    lines.add("    Confirmed --> [*]");
    lines.add("    Cancelled --> [*]");
    return String.join("\n", lines);
  }

  private static String kind(SagaState state) {
    return state.getClass().getSimpleName();
  }

  private static String sagaTable(List<TransitionTable.Column> columns) {
    var lines = new ArrayList<List<String>>();
    lines.add(
        Stream.concat(Stream.of("event"), columns.stream().map(c -> code(c.name()))).toList());
    for (var row : TransitionTable.rows()) {
      lines.add(
          Stream.concat(
                  Stream.of(row.name()),
                  columns.stream().map(column -> code(TransitionTable.cell(row, column))))
              .toList());
    }
    return markdown(lines);
  }

  private static String fenceTable() {
    var lines = new ArrayList<List<String>>();
    lines.add(List.of("fence", "try", "confirm", "cancel"));
    lines.add(
        Stream.concat(
                Stream.of("none"),
                Arrays.stream(Phase.values()).map(phase -> FenceMove.first(phase).name()))
            .toList());
    for (var state : FenceState.values()) {
      for (boolean declined : new boolean[] {false, true}) {
        var moves =
            Arrays.stream(Phase.values())
                .map(phase -> FenceMove.next(state, declined, phase).name())
                .toList();
        var undeclined =
            Arrays.stream(Phase.values())
                .map(phase -> FenceMove.next(state, false, phase).name())
                .toList();
        if (!declined || !moves.equals(undeclined)) {
          var name = declined ? state + ", declined" : state.name();
          lines.add(Stream.concat(Stream.of(name), moves.stream()).toList());
        }
      }
    }
    return markdown(lines);
  }

  private static String markdown(List<List<String>> lines) {
    var text = new StringBuilder();
    for (int n = 0; n < lines.size(); n++) {
      text.append(lines.get(n).stream().collect(joining(" | ", "| ", " |\n")));
      if (n == 0) {
        text.append("| --- ".repeat(lines.getFirst().size())).append("|\n");
      }
    }
    return text.toString();
  }

  private static String code(String cell) {
    return "`" + cell + "`";
  }
}
