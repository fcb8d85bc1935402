package io.holdfast.web;

import io.holdfast.contracts.Code;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Every error as RFC 9457 problem details with a {@code code} for programs, the {@code field} that
 * is wrong where one is, and the {@code traceId} by which its log lines are found. Title and detail
 * are in the language of the request.
 */
@RestControllerAdvice
final class ProblemAdvice extends ResponseEntityExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);
  private static final String RETRY_AFTER_SECONDS = "1";

  private final ProblemTexts texts;

  ProblemAdvice(ProblemTexts texts) {
    this.texts = texts;
  }

  @ExceptionHandler(Problem.class)
  @Nullable ResponseEntity<Object> handleProblem(Problem problem, WebRequest request) {
    return answer(problem, problem, HttpHeaders.EMPTY, request);
  }

  @ExceptionHandler({
    CannotGetJdbcConnectionException.class,
    DataAccessResourceFailureException.class,
    TransactionException.class,
    TransientDataAccessException.class
  })
  @Nullable ResponseEntity<Object> handleUnavailable(RuntimeException e, WebRequest request) {
    log.warn("trace {}: the database is not available", traceId(request), e);
    return answer(e, Problem.of(Code.UNAVAILABLE), HttpHeaders.EMPTY, request);
  }

  /** Thrown by the server where a parameter is looked at first, not where the request came in. */
  @ExceptionHandler(InvalidParameterException.class)
  @Nullable ResponseEntity<Object> handleMalformedQuery(
      InvalidParameterException e, WebRequest request) {
    return answer(e, Problem.of(Code.MALFORMED_QUERY), HttpHeaders.EMPTY, request);
  }

  @ExceptionHandler(RuntimeException.class)
  @Nullable ResponseEntity<Object> handleUnexpected(RuntimeException e, WebRequest request) {
    log.error("trace {}: unexpected failure", traceId(request), e);
    return answer(e, Problem.of(Code.INTERNAL_ERROR), HttpHeaders.EMPTY, request);
  }

  /** All that Spring refuses by itself comes by here. */
  @Override
  protected @Nullable ResponseEntity<Object> handleExceptionInternal(
      Exception e,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    return answer(e, SpringProblem.of(e, status, http(request)), headers, request);
  }

  private @Nullable ResponseEntity<Object> answer(
      Exception e, Problem problem, HttpHeaders headers, WebRequest request) {
    var language = AcceptedLanguage.of(http(request));
    var detail = texts.of(problem, language);
    detail.setProperty("traceId", traceId(request));
    var all = HttpHeaders.copyOf(headers);
    // Said here, so that a header Accept that makes no sense, too, is told so.
    all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    all.setContentLanguage(language);
    all.add(HttpHeaders.VARY, HttpHeaders.ACCEPT_LANGUAGE);
    if (problem.status().equals(HttpStatus.SERVICE_UNAVAILABLE)) {
      all.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    return super.handleExceptionInternal(e, detail, all, problem.status(), request);
  }

  private static String traceId(WebRequest request) {
    return RequestTrace.of(http(request)).traceId();
  }

  private static HttpServletRequest http(WebRequest request) {
    return ((ServletWebRequest) request).getRequest();
  }
}
