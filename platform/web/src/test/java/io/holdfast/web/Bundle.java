package io.holdfast.web;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The texts of one language as they stand in their file. */
final class Bundle {

  static final Bundle ENGLISH = new Bundle("problems.properties");
  static final Bundle CHINESE = new Bundle("problems_zh.properties");

  private static final Pattern PLACE = Pattern.compile("\\{([^}]*)}");

  private final TreeMap<String, String> texts = new TreeMap<>();

  private Bundle(String file) {
    var properties =
        new Properties() {
          @Override
          public synchronized Object put(Object key, Object text) {
            if (texts.put(key.toString(), text.toString()) != null) {
              throw new IllegalStateException(key + " is twice in " + file);
            }
            return key;
          }
        };
    try (var input =
        Objects.requireNonNull(Bundle.class.getResourceAsStream(file), "no bundle " + file)) {
      properties.load(new InputStreamReader(input, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Set<String> keys() {
    return texts.keySet();
  }

  String text(String key) {
    return texts.getOrDefault(key, "");
  }

  /** What its text has places for, such as {@code 0}. */
  Set<String> places(String key) {
    var places = new TreeSet<String>();
    PLACE.matcher(text(key)).results().forEach(place -> places.add(place.group(1)));
    return places;
  }
}
