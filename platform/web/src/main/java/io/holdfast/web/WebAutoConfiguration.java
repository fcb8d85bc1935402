package io.holdfast.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnResource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.ResourceBundleMessageSource;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.json.JsonMapper;

/** Gives a service with an HTTP API its error answers, traces, size limit and document. */
@AutoConfiguration(
    beforeName = {
      "org.springframework.boot.autoconfigure.context.MessageSourceAutoConfiguration",
      "org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration",
      "org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration"
    })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class WebAutoConfiguration {

  /**
   * Texts of problems, reasons and rules. A service that has codes of its own names its bundles by
   * {@code spring.messages.basename}, as in any Spring Boot application; what they say goes before
   * what Holdfast says.
   */
  @Bean
  MessageSource messageSource(@Value("${spring.messages.basename:}") List<String> bundles) {
    var all = new ArrayList<>(bundles);
    all.add(ProblemTexts.BUNDLE);
    var messages = new ResourceBundleMessageSource();
    messages.setBasenames(all.toArray(String[]::new));
    messages.setDefaultEncoding(StandardCharsets.UTF_8.name());
    messages.setFallbackToSystemLocale(false);
    return messages;
  }

  @Bean
  ProblemTexts problemTexts(MessageSource messageSource) {
    return new ProblemTexts(messageSource);
  }

  @Bean
  ProblemAdvice problemAdvice(ProblemTexts problemTexts) {
    return new ProblemAdvice(problemTexts);
  }

  @Bean
  JacksonModule reasonJson(ProblemTexts problemTexts) {
    return ReasonJson.module(problemTexts);
  }

  @Bean
  ProblemValve.Customizer problemValve(ProblemTexts problemTexts, JsonMapper json) {
    return new ProblemValve.Customizer(problemTexts, json);
  }

  @Bean
  @ConditionalOnMissingBean(ErrorController.class)
  ErrorPage errorPage(ProblemAdvice problemAdvice) {
    return new ErrorPage(problemAdvice);
  }

  @Bean
  @ConditionalOnMissingBean(name = "localeResolver")
  LocaleResolver localeResolver() {
    return new AcceptedLanguage();
  }

  @Bean
  WebMvcConfigurer knownParameters() {
    return new WebMvcConfigurer() {
      @Override
      public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new KnownParameters());
      }
    };
  }

  @Bean
  @ConditionalOnResource(resources = "classpath:openapi/${spring.application.name}.json")
  OpenApiController openApiDocument(@Value("${spring.application.name}") String service) {
    return new OpenApiController(service);
  }

  @Bean
  RequestFilter requestFilter() {
    return new RequestFilter();
  }
}
