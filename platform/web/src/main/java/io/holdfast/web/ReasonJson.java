package io.holdfast.web;

import io.holdfast.contracts.Reason;
import java.util.Locale;
import org.springframework.context.i18n.LocaleContextHolder;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Reasons as callers see them: beside code and detail, which are stored, a title in the language of
 * the request.
 */
final class ReasonJson extends ValueSerializer<Reason> {

  private final ProblemTexts texts;

  private ReasonJson(ProblemTexts texts) {
    this.texts = texts;
  }

  static SimpleModule module(ProblemTexts texts) {
    return new SimpleModule("holdfast-reasons").addSerializer(Reason.class, new ReasonJson(texts));
  }

  @Override
  public void serialize(Reason reason, JsonGenerator json, SerializationContext context) {
    json.writeStartObject();
    json.writeStringProperty("code", reason.code());
    json.writeStringProperty("title", texts.title(reason, language()));
    json.writeStringProperty("detail", reason.detail());
    json.writeEndObject();
  }

  /** English outside of requests, whatever the machine speaks. */
  private static Locale language() {
    var context = LocaleContextHolder.getLocaleContext();
    var language = context == null ? null : context.getLocale();
    return language == null ? Locale.ENGLISH : language;
  }
}
