package io.holdfast.benchmarks.scenario;

import java.util.List;
import java.util.Set;

/** What many actors do at once. */
interface Scenario {

  /** By which it is asked for. */
  String name();

  /** What happens in it, on one line. */
  String about();

  /** Those of {@link ScenarioSettings}' sizes that it has. */
  Set<String> sizes();

  /** What services are told that are started for it. */
  default List<String> serviceArguments() {
    return List.of();
  }

  /** Acts; returns when nobody asks for anything new. */
  void run(Stage stage) throws InterruptedException;

  /** What holds at its end besides what always does. */
  default List<Invariant> invariants() {
    return List.of();
  }
}
