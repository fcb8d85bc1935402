package io.holdfast.inventory;

import io.holdfast.web.Problem;
import io.holdfast.web.Rule;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Where a page of a statement ends.
 *
 * @param causeId the last entry's cause
 * @param operation the last entry's operation
 */
record EntryCursor(UUID causeId, String operation) {

  /** Before the newest entry that there can be. */
  static final EntryCursor NEWEST = new EntryCursor(new UUID(-1L, -1L), "~");

  private static final Pattern TEXT =
      Pattern.compile("([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.([A-Z]{1,10})");

  /**
   * @throws Problem if it is no cursor that {@link #toString()} made
   */
  static EntryCursor of(String text) {
    var matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw Problem.invalid("after", Rule.CURSOR);
    }
    return new EntryCursor(UUID.fromString(matcher.group(1)), matcher.group(2));
  }

  @Override
  public String toString() {
    return causeId + "." + operation;
  }
}
