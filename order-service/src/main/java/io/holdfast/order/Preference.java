package io.holdfast.order;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The header {@code Prefer: wait=N} of RFC 7240. */
final class Preference {

  private static final Pattern WAIT =
      Pattern.compile("\\s*wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

  private Preference() {}

  /**
   * How long the client likes to wait, at most {@code longest}; zero if it does not say. What
   * cannot be understood is ignored, as the RFC asks; of several the first counts.
   */
  static Duration wait(List<String> headers, Duration longest) {
    for (var header : headers) {
      for (var preference : header.split(",")) {
        var matcher = WAIT.matcher(preference);
        if (matcher.matches()) {
          var asked = Duration.ofSeconds(Long.parseLong(matcher.group(1)));
          return asked.compareTo(longest) < 0 ? asked : longest;
        }
      }
    }
    return Duration.ZERO;
  }
}
