package io.holdfast.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/** A command line of options; whatever is wrong is said with the option's name. */
public final class Options {

  private final Set<String> flags;
  private final Set<String> values;
  private final SimpleCommandLinePropertySource source;

  /**
   * @param flags options without a value
   * @param values options that need one
   * @throws IllegalArgumentException naming the option that cannot be
   */
  public Options(Set<String> flags, Set<String> values, String... arguments) {
    this.flags = Set.copyOf(flags);
    this.values = Set.copyOf(values);
    for (String argument : arguments) {
      if (!argument.startsWith("--")) {
        throw new IllegalArgumentException(argument + " is no option; all begin with --");
      }
    }
    source = new SimpleCommandLinePropertySource(arguments);
    for (String flag : flags) {
      if (has(flag) && !text(flag, "").isEmpty()) {
        throw new IllegalArgumentException("--%s takes no value".formatted(flag));
      }
    }
    for (String value : values) {
      if (has(value) && text(value, "").isBlank()) {
        throw new IllegalArgumentException(
            "--%s needs a value, as in --%s=...".formatted(value, value));
      }
    }
  }

  public boolean has(String name) {
    return source.containsProperty(name);
  }

  public String text(String name, String otherwise) {
    String value = source.getProperty(name);
    return value == null ? otherwise : value;
  }

  <T> List<T> list(String name, String otherwise, Function<String, T> value) {
    String text = text(name, otherwise);
    var values = Arrays.stream(text.split(",", -1)).map(value).toList();
    if (values.stream().distinct().count() < values.size()) {
      throw new IllegalArgumentException("--%s=%s says the same twice".formatted(name, text));
    }
    return values;
  }

  public @Nullable Path path(String name) {
    return has(name) ? Path.of(text(name, "")).toAbsolutePath() : null;
  }

  public Duration seconds(String name, String otherwise) {
    return Duration.ofMillis((long) (number(name, text(name, otherwise)) * 1000));
  }

  /** A whole number from 1 to {@code most}; {@code otherwise} if the option is left out. */
  public int whole(String name, int otherwise, int most) {
    return has(name) ? whole(name, text(name, ""), most) : otherwise;
  }

  void refuseTogether(String one, String other) {
    if (has(one) && has(other)) {
      throw new IllegalArgumentException("--%s and --%s exclude each other".formatted(one, other));
    }
  }

  /** What is neither a flag nor a value, as it was written. */
  public List<String> others() {
    return Arrays.stream(source.getPropertyNames())
        .filter(name -> !flags.contains(name) && !values.contains(name))
        .map(name -> "--" + name + "=" + source.getProperty(name))
        .toList();
  }

  static int whole(String name, String value, int most) {
    double number = number(name, value);
    if (number != Math.rint(number) || number > most) {
      throw new IllegalArgumentException(
          "--%s=%s is not a whole number from 1 to %d".formatted(name, value, most));
    }
    return (int) number;
  }

  static double number(String name, String value) {
    try {
      double number = Double.parseDouble(value);
      if (number > 0 && Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new IllegalArgumentException("--%s=%s is not a positive number".formatted(name, value));
  }
}
