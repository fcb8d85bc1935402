package io.holdfast.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Errors that the server meets outside of any controller are problem documents like all others. */
@Controller
@AnyParameters
final class ServerProblemController implements ErrorController {

  @RequestMapping("${server.error.path:/error}")
  ResponseEntity<ProblemDetail> problem(HttpServletRequest request) {
    var status = status(request);
    var problem = ProblemDetail.forStatusAndDetail(status, ServerProblem.detail(status));
    problem.setProperty("code", status.name());
    problem.setProperty("traceId", RequestTrace.of(request).traceId());
    return ResponseEntity.status(status)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(problem);
  }

  /** Who asks for the error's own address gets what there is: nothing. */
  private static HttpStatus status(HttpServletRequest request) {
    var code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    if (!(code instanceof Integer number)) {
      return HttpStatus.NOT_FOUND;
    }
    var known = HttpStatus.resolve(number);
    return known == null ? HttpStatus.INTERNAL_SERVER_ERROR : known;
  }
}
