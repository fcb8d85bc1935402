package io.holdfast.web;

import io.holdfast.messaging.TraceParent;
import jakarta.servlet.http.HttpServletRequest;

/**
 * The trace that a request belongs to: the caller's, by the W3C header {@code traceparent}, or a
 * new one.
 */
public final class RequestTrace {

  private static final String ATTRIBUTE = "io.holdfast.trace";

  private RequestTrace() {}

  /** The request's trace; begins one if the request has none. */
  public static TraceParent of(HttpServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof TraceParent known) {
      return known;
    }
    var trace = TraceParent.continuing(request.getHeader(TraceParent.HEADER));
    request.setAttribute(ATTRIBUTE, trace);
    return trace;
  }
}
