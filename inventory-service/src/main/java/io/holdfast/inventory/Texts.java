package io.holdfast.inventory;

/** What texts of requests look like. */
final class Texts {

  static final String SKU = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  static final String SKU_RULE = "has 1 to 64 letters, digits, dots, dashes or underscores";

  /** Where a list of goods goes on: behind a SKU, or at its beginning. */
  static final String AFTER = "[A-Za-z0-9._-]{0,64}";

  static final String AFTER_RULE = "is a SKU";

  static final String READABLE = "[^\\p{Cntrl}\\p{Cs}]*";
  static final String READABLE_RULE = "has no control characters";

  private Texts() {}
}
