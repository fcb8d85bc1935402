package io.holdfast.benchmarks.scenario;

import io.holdfast.benchmarks.scenario.Invariant.Finding;
import java.util.List;

/** What holds of the run itself, and what services find when they check themselves. */
final class RunInvariants {

  static final List<Invariant> ALL =
      List.of(
          new Invariant(
              "whenever somebody looked while it ran, wallets and goods added up",
              books -> new Finding(books.told().samples(), books.told().unbalanced())),
          new Invariant(
              "every answer was one that the request may get",
              books -> new Finding(books.told().answers(), books.told().unexpected())),
          new Invariant(
              "no forged notification is accepted",
              books ->
                  new Finding(
                      books.told().forged() + books.told().notifications(),
                      books.told().forgedAccepted())),
          new Invariant(
              "the services' own checks and the auditor find nothing",
              RunInvariants::servicesFindNothing));

  private RunInvariants() {}

  private static Finding servicesFindNothing(Books books) {
    var broken =
        books.services().entrySet().stream()
            .flatMap(check -> check.getValue().stream().map(row -> check.getKey() + ": " + row))
            .toList();
    return new Finding(books.services().size(), broken);
  }
}
