package io.holdfast.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers what went wrong before or behind the controllers, as they would have. */
@RestController
@AnyParameters
final class ErrorPage implements ErrorController {

  @RequestMapping("${spring.web.error.path:${error.path:/error}}")
  void tell(HttpServletRequest request) {
    throw SpringProblem.ofStatus(
        request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status
            ? status
            : 404,
        request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String path
            ? path
            : request.getRequestURI());
  }
}
