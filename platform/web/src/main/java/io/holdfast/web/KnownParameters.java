package io.holdfast.web;

import io.holdfast.contracts.Code;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Refuses a query with a parameter that its handler does not have. Otherwise a misspelt filter
 * would be answered with everything there is, and a misspelt owner be anybody.
 */
final class KnownParameters implements HandlerInterceptor {

  private final Map<HandlerMethod, Collection<String>> known = new ConcurrentHashMap<>();

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (handler instanceof HandlerMethod method
        && request.getQueryString() != null
        && !method.getBeanType().isAnnotationPresent(AnyParameters.class)) {
      var names = known.computeIfAbsent(method, KnownParameters::namesOf);
      for (String name : namesIn(request.getQueryString())) {
        if (!names.contains(name)) {
          throw Problem.unknown(name, names);
        }
      }
    }
    return true;
  }

  /** Not the server's parameters: of a body that is a form it makes some, too. */
  private static List<String> namesIn(String query) {
    return Arrays.stream(query.split("&", -1))
        .filter(pair -> !pair.isEmpty())
        .map(pair -> decoded(pair.split("=", 2)[0]))
        .toList();
  }

  private static String decoded(String name) {
    try {
      String decoded = URLDecoder.decode(name, StandardCharsets.UTF_8);
      if (!decoded.isEmpty()) {
        return decoded;
      }
    } catch (IllegalArgumentException _) {
      // A percent sign that encodes nothing.
    }
    throw Problem.of(Code.MALFORMED_QUERY);
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
