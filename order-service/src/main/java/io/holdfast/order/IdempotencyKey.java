package io.holdfast.order;

import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;

/** The header by which a client names a request, so that its repetition is the same request. */
final class IdempotencyKey {

  static final String HEADER = "Idempotency-Key";
  static final String REPLAYED_HEADER = "Idempotency-Replayed";

  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

  private IdempotencyKey() {}

  /**
   * @throws OrderProblem if it is missing or malformed
   */
  static String of(HttpServletRequest http) {
    String key = http.getHeader(HEADER);
    if (key == null || key.isBlank()) {
      throw OrderProblem.invalid(
          "IDEMPOTENCY_KEY_MISSING",
          "send an Idempotency-Key that is new for every request and the same for every repetition",
          HEADER);
    }
    if (!KEY.matcher(key).matches()) {
      throw OrderProblem.invalid(
          "IDEMPOTENCY_KEY_INVALID",
          "an Idempotency-Key has 1 to 255 visible ASCII characters",
          HEADER);
    }
    return key;
  }
}
