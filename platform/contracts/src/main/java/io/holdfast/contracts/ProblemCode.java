package io.holdfast.contracts;

/**
 * Says what kind of error an answer is. Programs compare it, so it never changes its meaning. A
 * service with errors of its own implements this as an enum next to {@link Code}, and gives their
 * texts in a bundle of its own.
 */
public interface ProblemCode {

  /** Upper case, such as {@code UNKNOWN_SKU}; the key of its texts. */
  String name();

  /** The HTTP status of an answer with this code; 0 if no answer has it. */
  int status();
}
