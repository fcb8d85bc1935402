package io.holdfast.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.ServletWebRequest;

/** Answers what went wrong before or behind the controllers, as they would have. */
@RestController
@AnyParameters
final class ErrorPage implements ErrorController {

  private final ProblemAdvice advice;

  ErrorPage(ProblemAdvice advice) {
    this.advice = advice;
  }

  @RequestMapping("${spring.web.error.path:${error.path:/error}}")
  @Nullable ResponseEntity<Object> tell(HttpServletRequest request) {
    int status =
        request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer known
            ? known
            : 404;
    String path =
        request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String asked
            ? asked
            : request.getRequestURI();
    return advice.handleProblem(
        SpringProblem.ofStatus(status, path), new ServletWebRequest(request));
  }
}
