package io.holdfast.web;

import io.holdfast.messaging.TraceParent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * Requests that are no HTTP, such as one with a control character in its path, end in the server
 * before any application sees them. They get a problem document too, instead of a page.
 */
public final class ServerProblemValve extends ErrorReportValve {

  @Override
  protected void report(Request request, Response response, @Nullable Throwable throwable) {
    var status = HttpStatus.resolve(response.getStatus());
    if (status == null
        || !status.isError()
        || response.getContentWritten() > 0
        || !response.setErrorReported()) {
      return;
    }
    // No text of the request is in it, so there is nothing to escape.
    var problem =
        """
        {"type":"about:blank","title":"%s","status":%d,"detail":"%s","code":"%s","traceId":"%s"}"""
            .formatted(
                status.getReasonPhrase(),
                status.value(),
                ServerProblem.detail(status),
                status.name(),
                TraceParent.random().traceId());
    try {
      response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
      response.getOutputStream().write(problem.getBytes(StandardCharsets.UTF_8));
      response.finishResponse();
    } catch (IOException | IllegalStateException e) {
      container.getLogger().debug("a problem could not be told", e);
    }
  }
}
