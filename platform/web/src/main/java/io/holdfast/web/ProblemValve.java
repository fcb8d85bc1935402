package io.holdfast.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers what the server refuses before it is a request of the application, such as a malformed
 * address. Without it that is a page of HTML.
 */
final class ProblemValve extends ErrorReportValve {

  private static final Logger log = LoggerFactory.getLogger(ProblemValve.class);

  private final ProblemTexts texts;
  private final JsonMapper json;

  private ProblemValve(ProblemTexts texts, JsonMapper json) {
    this.texts = texts;
    this.json = json;
  }

  @Override
  protected void report(Request request, Response response, @Nullable Throwable failure) {
    if (response.getStatus() < 400
        || response.getContentWritten() > 0
        || !response.setErrorReported()) {
      return;
    }
    var language = AcceptedLanguage.of(request);
    var problem = SpringProblem.ofStatus(response.getStatus(), request.getRequestURI());
    var detail = texts.of(problem, language);
    detail.setProperty("traceId", RequestTrace.of(request).traceId());
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setCharacterEncoding(StandardCharsets.UTF_8.name());
    response.setHeader(HttpHeaders.CONTENT_LANGUAGE, language.toLanguageTag());
    response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_LANGUAGE);
    try {
      var writer = response.getReporter();
      if (writer != null) {
        writer.write(json.writeValueAsString(detail));
        response.finishResponse();
      }
    } catch (IOException e) {
      log.debug("the caller went before it could be told what was wrong", e);
    }
  }

  /** The last to add its valve, so that it is nearer to the request than the server's own. */
  record Customizer(ProblemTexts texts, JsonMapper json)
      implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory>, Ordered {

    @Override
    public void customize(ConfigurableTomcatWebServerFactory server) {
      server.addContextCustomizers(
          context -> context.getParent().getPipeline().addValve(new ProblemValve(texts, json)));
    }

    @Override
    public int getOrder() {
      return LOWEST_PRECEDENCE;
    }
  }
}
