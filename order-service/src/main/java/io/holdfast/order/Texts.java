package io.holdfast.order;

/** What texts of requests look like. */
final class Texts {

  /**
   * Regular expression of a text without control characters and without halves of characters. The
   * database takes no zero character, and an answer has no halves.
   */
  static final String PLAIN = "[^\\p{Cc}\\p{Cs}]*";

  private Texts() {}
}
