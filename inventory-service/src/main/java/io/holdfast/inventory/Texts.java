package io.holdfast.inventory;

/** What texts of requests look like. */
final class Texts {

  static final String SKU = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  /** Where a list of goods goes on: behind a SKU, or at its beginning. */
  static final String AFTER = "[A-Za-z0-9._-]{0,64}";

  static final String READABLE = "[^\\p{Cntrl}\\p{Cs}]*";

  private Texts() {}
}
