package io.holdfast.wallet;

/** What texts of callers may contain. The database takes no text with a zero character. */
final class Text {

  /** Regular expression of a text without control characters. */
  static final String PLAIN = "[^\\p{Cc}\\p{Cs}]*";

  private Text() {}
}
