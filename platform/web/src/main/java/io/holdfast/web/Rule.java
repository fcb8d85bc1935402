package io.holdfast.web;

/**
 * What a field has to be, as the end of a sentence that begins with the field's name: for {@link
 * Problem#invalid} and for the {@code message} of a constraint. Each is the key of its sentence in
 * {@code problems.properties}, in braces.
 */
public final class Rule {

  public static final String AT_MOST_DAYS_AFTER = "{rule.at-most-days-after}";
  public static final String CURRENCY = "{rule.currency}";
  public static final String CURSOR = "{rule.cursor}";
  public static final String GIVEN = "{rule.given}";
  public static final String LATER = "{rule.later}";
  public static final String LINES_OR_CART = "{rule.lines-or-cart}";
  public static final String MOMENT = "{rule.moment}";
  public static final String NOT_ZERO = "{rule.not-zero}";
  public static final String PASSED = "{rule.passed}";
  public static final String PERSON = "{rule.person}";
  public static final String PLAIN_TEXT = "{rule.plain-text}";
  public static final String PRODUCT_SKU = "{rule.product-sku}";
  public static final String SERVICE = "{rule.service}";
  public static final String SKU = "{rule.sku}";
  public static final String TOKEN = "{rule.token}";
  public static final String TYPE = "{rule.type}";
  public static final String UUID_V7 = "{rule.uuid-v7}";
  public static final String VALID = "{rule.valid}";
  public static final String VOUCHER_CODE = "{rule.voucher-code}";

  private Rule() {}
}
