package io.holdfast.messaging;

import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.jdk.NumberDeserializers;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * JSON of message bodies. Reading is tolerant: a newer sender may add fields, and an older receiver
 * ignores them; a flag that an older sender does not know is not set. A missing number, however, is
 * an error and never 0.
 */
public final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .addModule(new SimpleModule().addDeserializer(Boolean.TYPE, flag()))
          .build();

  /** Made for the wrapper, so that a missing value is the one given here and no error. */
  private static ValueDeserializer<Boolean> flag() {
    return new NumberDeserializers.BooleanDeserializer(Boolean.class, Boolean.FALSE);
  }

  private Json() {}

  public static byte[] bytes(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  public static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /**
   * @throws InvalidMessage if the bytes are not the JSON of a {@code type}
   */
  public static <T> T read(byte[] json, Class<T> type) {
    try {
      return required(MAPPER.readValue(json, type), type);
    } catch (JacksonException e) {
      throw invalid(e, type);
    }
  }

  /**
   * @throws InvalidMessage if the text is not the JSON of a {@code type}
   */
  public static <T> T read(String json, Class<T> type) {
    try {
      return required(MAPPER.readValue(json, type), type);
    } catch (JacksonException e) {
      throw invalid(e, type);
    }
  }

  private static InvalidMessage invalid(JacksonException e, Class<?> type) {
    String field =
        e.getPath().stream()
            .map(JacksonException.Reference::getPropertyName)
            .filter(Objects::nonNull)
            .collect(Collectors.joining("."));
    return new InvalidMessage(
        "body is not a %s: %s%s"
            .formatted(
                type.getSimpleName(), field.isEmpty() ? "" : field + ": ", e.getOriginalMessage()),
        e);
  }

  private static <T> T required(@Nullable T value, Class<T> type) {
    if (value == null) {
      throw new InvalidMessage("body is null where a " + type.getSimpleName() + " is needed");
    }
    return value;
  }
}
