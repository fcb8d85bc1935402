package io.holdfast.web;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.ProblemCode;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.FieldError;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** What is wrong with a request that Spring refuses before a controller sees it. */
final class SpringProblem {

  private SpringProblem() {}

  static Problem of(Exception e, HttpStatusCode status, HttpServletRequest request) {
    return switch (e) {
      case Problem problem -> problem;
      case HttpMessageNotReadableException unreadable -> ofBody(unreadable);
      case MethodArgumentNotValidException invalid ->
          invalid.getFieldError() == null
              ? Problem.invalid("body", Rule.VALID)
              : ofField(invalid.getFieldError());
      case HandlerMethodValidationException invalid -> ofArgument(invalid);
      case MethodArgumentTypeMismatchException mismatch ->
          Problem.invalid(mismatch.getName(), Rule.TYPE);
      case TypeMismatchException mismatch ->
          Problem.invalid(String.valueOf(mismatch.getPropertyName()), Rule.TYPE);
      case MissingServletRequestParameterException missing ->
          Problem.invalid(missing.getParameterName(), Rule.GIVEN);
      case MissingRequestHeaderException missing ->
          Problem.invalid(missing.getHeaderName(), Rule.GIVEN);
      case HttpRequestMethodNotSupportedException method ->
          Problem.of(
              Code.METHOD_NOT_ALLOWED,
              method.getMethod(),
              method.getSupportedMethods() == null
                  ? "-"
                  : String.join(", ", method.getSupportedMethods()));
      case HttpMediaTypeNotSupportedException type ->
          Problem.of(
              Code.UNSUPPORTED_MEDIA_TYPE,
              type.getContentType() == null ? "-" : type.getContentType(),
              list(type.getSupportedMediaTypes()));
      case HttpMediaTypeNotAcceptableException type ->
          Problem.of(Code.NOT_ACCEPTABLE, list(type.getSupportedMediaTypes()));
      default -> ofStatus(status.value(), request.getRequestURI());
    };
  }

  static Problem ofStatus(int status, String path) {
    return switch (status) {
      case 404 -> Problem.of(Code.NOT_FOUND, path);
      case 413 -> tooLarge();
      case 400 -> Problem.of(Code.BAD_REQUEST);
      case 500 -> Problem.of(Code.INTERNAL_ERROR);
      case 503 -> Problem.of(Code.UNAVAILABLE);
      default -> Problem.of(OtherStatus.of(status));
    };
  }

  /** What only a service with more of Spring than Holdfast uses can answer, such as 401. */
  private record OtherStatus(String name, int status) implements ProblemCode {

    static OtherStatus of(int status) {
      var known = HttpStatus.resolve(status);
      return new OtherStatus(known == null ? "HTTP_" + status : known.name(), status);
    }
  }

  private static Problem ofBody(HttpMessageNotReadableException e) {
    return switch (e.getCause()) {
      case UnrecognizedPropertyException unknown -> {
        var known = new TreeSet<String>();
        unknown.getKnownPropertyIds().forEach(name -> known.add(name.toString()));
        yield Problem.unknown(path(unknown), known);
      }
      case DatabindException wrong when !wrong.getPath().isEmpty() ->
          Problem.invalid(path(wrong), Rule.TYPE);
      case null, default ->
          e.getMostSpecificCause() instanceof RequestTooLarge
              ? tooLarge()
              : Problem.of(Code.MALFORMED_JSON);
    };
  }

  private static Problem tooLarge() {
    return Problem.of(Code.TOO_LARGE, RequestFilter.MAX_BODY_BYTES);
  }

  private static Problem ofArgument(HandlerMethodValidationException e) {
    var first = e.getParameterValidationResults().getFirst();
    if (first instanceof ParameterErrors errors && errors.getFieldError() != null) {
      return ofField(errors.getFieldError());
    }
    String name = String.valueOf(first.getMethodParameter().getParameterName());
    return broken(name, first.getResolvableErrors().getFirst().getDefaultMessage());
  }

  private static Problem ofField(FieldError error) {
    return broken(error.getField(), error.getDefaultMessage());
  }

  /** The validator has already said it in the language of the request. */
  private static Problem broken(String field, @Nullable String sentence) {
    return Problem.ofField(Code.INVALID_FIELD, field, field, String.valueOf(sentence));
  }

  private static String list(Collection<MediaType> types) {
    return types.isEmpty() ? "-" : MediaType.toString(types);
  }

  /** As it is written in JavaScript: {@code lines[0].quantity}. */
  private static String path(JacksonException e) {
    var path = new StringBuilder();
    for (Reference reference : e.getPath()) {
      if (reference.getPropertyName() == null) {
        path.append('[').append(reference.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(reference.getPropertyName());
      }
    }
    return path.toString();
  }
}
