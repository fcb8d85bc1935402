package io.holdfast.inventory;

/** How goods are named. */
final class Sku {

  static final String PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  static final String RULE = "has 1 to 64 letters, digits, dots, dashes or underscores";

  private Sku() {}
}
