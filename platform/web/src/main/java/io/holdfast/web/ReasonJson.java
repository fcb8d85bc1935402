package io.holdfast.web;

import io.holdfast.contracts.Reason;
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
    json.writeStringProperty("title", texts.title(reason, ProblemTexts.languageOfRequest()));
    json.writeStringProperty("detail", reason.detail());
    json.writeEndObject();
  }
}
