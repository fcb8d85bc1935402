package io.holdfast.web.testing;

import java.util.Arrays;
import org.springframework.http.HttpStatus;

/** What problem documents have in common. */
final class Problems {

  private Problems() {}

  /** The title of a problem of this status. */
  static String title(String status) {
    return HttpStatus.valueOf(Integer.parseInt(status)).getReasonPhrase();
  }

  static boolean isStatus(String code) {
    return Arrays.stream(HttpStatus.values()).anyMatch(status -> status.name().equals(code));
  }
}
