package io.holdfast.web;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.validation.FieldError;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Every error as RFC 9457 problem details with a {@code code} for programs, the {@code field} that
 * is wrong where one is, and the {@code traceId} by which its log lines are found.
 */
@RestControllerAdvice
final class ProblemAdvice extends ResponseEntityExceptionHandler {

  static final String INVALID_FIELD = "INVALID_FIELD";
  static final String UNKNOWN_FIELD = "UNKNOWN_FIELD";

  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);
  private static final String RETRY_AFTER_SECONDS = "1";

  @ExceptionHandler(Problem.class)
  @Nullable ResponseEntity<Object> handleProblem(Problem problem, WebRequest request) {
    var detail = detail(problem.status(), problem.code(), problem.detail(), problem.field());
    return handleExceptionInternal(problem, detail, new HttpHeaders(), problem.status(), request);
  }

  @ExceptionHandler({
    CannotGetJdbcConnectionException.class,
    CannotCreateTransactionException.class,
    DataAccessResourceFailureException.class,
    TransientDataAccessException.class
  })
  @Nullable ResponseEntity<Object> handleUnavailable(RuntimeException e, WebRequest request) {
    log.warn("trace {}: the database is not available", traceId(request), e);
    var headers = new HttpHeaders();
    headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    var status = HttpStatus.SERVICE_UNAVAILABLE;
    return handleExceptionInternal(
        e,
        detail(status, "UNAVAILABLE", "not available at the moment: send it again", null),
        headers,
        status,
        request);
  }

  /** Thrown by the server where a parameter is looked at first, not where the request came in. */
  @ExceptionHandler(InvalidParameterException.class)
  @Nullable ResponseEntity<Object> handleMalformedQuery(
      InvalidParameterException e, WebRequest request) {
    var status = HttpStatus.BAD_REQUEST;
    return handleExceptionInternal(
        e,
        detail(status, "MALFORMED_QUERY", "the query is not made of name=value pairs", null),
        new HttpHeaders(),
        status,
        request);
  }

  @ExceptionHandler(RuntimeException.class)
  @Nullable ResponseEntity<Object> handleUnexpected(RuntimeException e, WebRequest request) {
    log.error("trace {}: unexpected failure", traceId(request), e);
    var status = HttpStatus.INTERNAL_SERVER_ERROR;
    return handleExceptionInternal(
        e,
        detail(status, "INTERNAL_ERROR", "unexpected failure: tell the operator the traceId", null),
        new HttpHeaders(),
        status,
        request);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
      HttpMessageNotReadableException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    var detail =
        switch (e.getCause()) {
          case UnrecognizedPropertyException unknown ->
              detail(
                  status,
                  UNKNOWN_FIELD,
                  "there is no field " + unknown.getPropertyName(),
                  path(unknown));
          case DatabindException wrong when !wrong.getPath().isEmpty() ->
              detail(
                  status,
                  INVALID_FIELD,
                  path(wrong) + " is missing or of a wrong type",
                  path(wrong));
          case RequestTooLarge tooLarge -> tooLarge(tooLarge);
          case null, default ->
              e.getMostSpecificCause() instanceof RequestTooLarge tooLarge
                  ? tooLarge(tooLarge)
                  : detail(status, "MALFORMED_JSON", "the body is missing or not JSON", null);
        };
    return handleExceptionInternal(
        e, detail, headers, HttpStatusCode.valueOf(detail.getStatus()), request);
  }

  private static ProblemDetail tooLarge(RequestTooLarge tooLarge) {
    return detail(
        HttpStatus.CONTENT_TOO_LARGE,
        RequestTooLarge.CODE,
        String.valueOf(tooLarge.getMessage()),
        null);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
      MethodArgumentNotValidException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    var error = e.getFieldError();
    return handleExceptionInternal(
        e,
        error == null
            ? detail(status, INVALID_FIELD, "the body is not valid", null)
            : detail(status, error),
        headers,
        status,
        request);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
      HandlerMethodValidationException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    var first = e.getParameterValidationResults().getFirst();
    ProblemDetail detail;
    if (first instanceof ParameterErrors errors && errors.getFieldError() != null) {
      detail = detail(status, errors.getFieldError());
    } else {
      String name = first.getMethodParameter().getParameterName();
      detail =
          detail(
              status,
              INVALID_FIELD,
              name + " " + first.getResolvableErrors().getFirst().getDefaultMessage(),
              name);
    }
    return handleExceptionInternal(e, detail, headers, status, request);
  }

  private static ProblemDetail detail(HttpStatusCode status, FieldError error) {
    return detail(
        status,
        INVALID_FIELD,
        error.getField() + " " + error.getDefaultMessage(),
        error.getField());
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleTypeMismatch(
      TypeMismatchException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
    String name =
        e instanceof MethodArgumentTypeMismatchException argument
            ? argument.getName()
            : e.getPropertyName();
    return handleExceptionInternal(
        e,
        detail(status, INVALID_FIELD, name + " is not of the right form", name),
        headers,
        status,
        request);
  }

  @Override
  protected ResponseEntity<Object> createResponseEntity(
      @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
    if (body instanceof ProblemDetail detail) {
      var properties = detail.getProperties();
      if (properties == null || !properties.containsKey("code")) {
        detail.setProperty("code", codeOf(status));
      }
      detail.setProperty("traceId", traceId(request));
    }
    return super.createResponseEntity(body, headers, status, request);
  }

  private static String codeOf(HttpStatusCode status) {
    var known = HttpStatus.resolve(status.value());
    return known == null ? "HTTP_" + status.value() : known.name();
  }

  private static ProblemDetail detail(
      HttpStatusCode status, String code, String text, @Nullable String field) {
    var detail = ProblemDetail.forStatusAndDetail(status, text);
    detail.setProperty("code", code);
    if (field != null) {
      detail.setProperty("field", field);
    }
    return detail;
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

  private static String traceId(WebRequest request) {
    HttpServletRequest http = ((ServletWebRequest) request).getRequest();
    return RequestTrace.of(http).traceId();
  }
}
