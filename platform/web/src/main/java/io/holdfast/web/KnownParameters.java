package io.holdfast.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses a query with a parameter that its handler does not have. Otherwise a misspelt filter
 * would be answered with everything there is.
 */
final class KnownParameters implements HandlerInterceptor {

  private final Map<HandlerMethod, Collection<String>> known = new ConcurrentHashMap<>();

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (handler instanceof HandlerMethod method
        && HttpMethod.GET.matches(request.getMethod())
        && !request.getParameterMap().isEmpty()
        && !method.getBeanType().isAnnotationPresent(AnyParameters.class)) {
      var names = known.computeIfAbsent(method, KnownParameters::namesOf);
      for (String name : request.getParameterMap().keySet()) {
        if (!names.contains(name)) {
          throw Problem.unknown(name, names);
        }
      }
    }
    return true;
  }

  private static Set<String> namesOf(HandlerMethod handler) {
    var discoverer = new DefaultParameterNameDiscoverer();
    var names = new TreeSet<String>();
    for (MethodParameter parameter : handler.getMethodParameters()) {
      var annotation = parameter.getParameterAnnotation(RequestParam.class);
      if (annotation != null) {
        parameter.initParameterNameDiscovery(discoverer);
        String name =
            annotation.name().isEmpty() ? parameter.getParameterName() : annotation.name();
        names.add(String.valueOf(name));
      }
    }
    return names;
  }
}
