package io.holdfast.web;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.ProblemCode;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.support.DefaultMessageSourceResolvable;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;

/**
 * An answer that is an error the caller can act on. Thrown by controllers, sent as RFC 9457. Its
 * sentences are in the bundle of the code, for every language; it carries what they speak of.
 */
public final class Problem extends RuntimeException {

  private final ProblemCode code;
  private final @Nullable String field;
  private final List<Object> values;
  private final Map<String, Object> members;

  private Problem(
      ProblemCode code, @Nullable String field, List<Object> values, Map<String, Object> members) {
    super(message(code, field, values), null, false, false);
    this.code = code;
    this.field = field;
    this.values = List.copyOf(values);
    this.members = members;
    assert !(code instanceof Code known) || known.speaksOf().size() == values.size()
        : this + " has not the values " + ((Code) code).speaksOf();
  }

  /** For logs: in no language. */
  private static String message(ProblemCode code, @Nullable String field, List<Object> values) {
    return code.name() + (field == null ? "" : " " + field) + (values.isEmpty() ? "" : values);
  }

  /**
   * @param values that the sentence of the code speaks of, in its order
   */
  public static Problem of(ProblemCode code, Object... values) {
    return new Problem(code, null, Arrays.asList(values), Map.of());
  }

  /**
   * A problem with a field of the request. What a path names and is not there is 404; what a field
   * names and is not there is 422.
   *
   * @param field as it is written in JavaScript, such as {@code lines[0].sku}
   * @param values that the sentence of the code speaks of, in its order
   */
  public static Problem ofField(ProblemCode code, String field, Object... values) {
    return new Problem(code, field, Arrays.asList(values), Map.of());
  }

  /**
   * The request's {@code field} cannot be right: 400.
   *
   * @param rule that it breaks, one of {@link Rule} or a key of the service's own bundle in braces
   * @param values that the sentence of the rule speaks of, in its order
   */
  public static Problem invalid(String field, String rule, Object... values) {
    var sentence =
        new DefaultMessageSourceResolvable(
            new String[] {rule.substring(1, rule.length() - 1)}, texts(values), rule);
    return ofField(Code.INVALID_FIELD, field, field, sentence);
  }

  static Problem unknown(String field, Collection<String> known) {
    return ofField(
        Code.UNKNOWN_FIELD, field, field, known.isEmpty() ? "-" : String.join(", ", known));
  }

  /** The same problem with one more member in its document, such as where to go on. */
  public Problem with(String member, Object value) {
    var more = new TreeMap<>(members);
    more.put(member, value);
    return new Problem(code, field, values, more);
  }

  HttpStatusCode status() {
    return field != null && code.status() == HttpStatus.NOT_FOUND.value()
        ? HttpStatus.UNPROCESSABLE_CONTENT
        : HttpStatusCode.valueOf(code.status());
  }

  ProblemCode code() {
    return code;
  }

  @Nullable String field() {
    return field;
  }

  Object[] values() {
    return texts(values.toArray());
  }

  Map<String, Object> members() {
    return members;
  }

  /** Numbers are written as they are in JSON, not as a language writes them. */
  private static Object[] texts(Object[] values) {
    return Arrays.stream(values)
        .map(value -> value instanceof DefaultMessageSourceResolvable ? value : value.toString())
        .toArray();
  }
}
