package io.holdfast.web.testing;

import java.lang.annotation.Annotation;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.context.ApplicationContext;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Which methods of a service's controllers answer what. */
final class Handlers {

  private static final String OURS = "io.holdfast.";
  private static final String PLATFORMS = "io.holdfast.web.";

  private Handlers() {}

  /**
   * Handlers by method and path, {@code GET /orders/{orderId}}. Without those of controllers that
   * speak somebody else's protocol.
   */
  static Map<String, HandlerMethod> of(ApplicationContext context) {
    var handlers = new LinkedHashMap<String, HandlerMethod>();
    context
        .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .forEach(
            (mapping, handler) -> {
              String type = handler.getBeanType().getName();
              if (type.startsWith(OURS) && !type.startsWith(PLATFORMS) && !isForeign(handler)) {
                for (String path : mapping.getPatternValues()) {
                  for (RequestMethod method : mapping.getMethodsCondition().getMethods()) {
                    handlers.put(method + " " + path, handler);
                  }
                }
              }
            });
    return handlers;
  }

  /** The annotation is the web module's, which this module does not depend on. */
  private static boolean isForeign(HandlerMethod handler) {
    for (Annotation annotation : handler.getBeanType().getAnnotations()) {
      if (annotation.annotationType().getSimpleName().equals("AnyParameters")) {
        return true;
      }
    }
    return false;
  }
}
