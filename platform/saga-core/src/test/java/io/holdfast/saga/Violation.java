package io.holdfast.saga;

import java.util.List;

/** Something that must never be was found. */
final class Violation extends RuntimeException {

  private final String rule;

  Violation(String rule, String what) {
    super(rule + ": " + what);
    this.rule = rule;
  }

  private Violation(Violation cause, List<String> way) {
    super(cause.getMessage() + "\n  " + String.join("\n  ", way), cause);
    this.rule = cause.rule;
  }

  /** The same, with the shortest way to it. */
  Violation after(List<String> way) {
    return new Violation(this, way);
  }

  String rule() {
    return rule;
  }
}
