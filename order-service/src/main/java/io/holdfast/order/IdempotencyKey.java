package io.holdfast.order;

import io.holdfast.contracts.Code;
import io.holdfast.web.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;

/** The header by which a client names a request, so that its repetition is the same request. */
final class IdempotencyKey {

  static final String HEADER = "Idempotency-Key";
  static final String REPLAYED_HEADER = "Idempotency-Replayed";

  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

  private IdempotencyKey() {}

  /**
   * @throws Problem if it is missing or malformed
   */
  static String of(HttpServletRequest http) {
    String key = http.getHeader(HEADER);
    if (key == null || key.isBlank()) {
      throw Problem.ofField(Code.IDEMPOTENCY_KEY_MISSING, HEADER);
    }
    if (!KEY.matcher(key).matches()) {
      throw Problem.ofField(Code.IDEMPOTENCY_KEY_INVALID, HEADER);
    }
    return key;
  }
}
