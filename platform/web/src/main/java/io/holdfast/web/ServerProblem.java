package io.holdfast.web;

import org.springframework.http.HttpStatus;

/** What is said of a request that no controller has seen. */
final class ServerProblem {

  private ServerProblem() {}

  static String detail(HttpStatus status) {
    return switch (status) {
      case NOT_FOUND -> "there is nothing here";
      case METHOD_NOT_ALLOWED -> "this method does nothing here";
      case INTERNAL_SERVER_ERROR -> "unexpected failure: tell the operator the traceId";
      default -> "this is no request that the server understands: " + status.getReasonPhrase();
    };
  }
}
