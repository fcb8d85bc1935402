package io.holdfast.saga;

import java.util.List;

/**
 * A definition that cannot be right. Thrown when it is built, that is at start-up, and names every
 * fault found.
 */
public final class InvalidDefinition extends RuntimeException {

  private final List<String> faults;

  InvalidDefinition(String definition, List<String> faults) {
    super("saga definition " + definition + " cannot be right: " + String.join("; ", faults));
    this.faults = List.copyOf(faults);
  }

  public List<String> faults() {
    return faults;
  }
}
