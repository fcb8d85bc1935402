package io.holdfast.web;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** An answer that is an error the caller can act on. Thrown by controllers, sent as RFC 9457. */
public final class Problem extends RuntimeException {

  private final HttpStatus status;
  private final String code;
  private final @Nullable String field;

  private Problem(HttpStatus status, String code, String detail, @Nullable String field) {
    super(detail, null, false, false);
    this.status = status;
    this.code = code;
    this.field = field;
  }

  /**
   * @param code stable, upper-case identifier that programs compare, such as {@code UNKNOWN_SKU}
   * @param detail one sentence for a person that says what to do
   */
  public static Problem of(HttpStatus status, String code, String detail) {
    return new Problem(status, code, detail, null);
  }

  /**
   * @param field of the request, which is at odds with what is there
   */
  public static Problem of(HttpStatus status, String code, String detail, String field) {
    return new Problem(status, code, detail, field);
  }

  /** The request's {@code field} cannot be right: 400. */
  public static Problem invalid(String field, String detail) {
    return new Problem(HttpStatus.BAD_REQUEST, ProblemAdvice.INVALID_FIELD, detail, field);
  }

  static Problem unknownParameter(String name, Collection<String> known) {
    return new Problem(
        HttpStatus.BAD_REQUEST,
        ProblemAdvice.UNKNOWN_FIELD,
        known.isEmpty()
            ? "there is no parameter " + name
            : "there is no parameter %s; there are %s".formatted(name, String.join(", ", known)),
        name);
  }

  HttpStatus status() {
    return status;
  }

  String code() {
    return code;
  }

  String detail() {
    return String.valueOf(getMessage());
  }

  @Nullable String field() {
    return field;
  }
}
