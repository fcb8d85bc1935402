package io.holdfast.embedded;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A server could not start for a reason that its user can mend. The message is complete: it says
 * what is wrong and what to do, so print it alone, without the stack trace.
 */
public final class StartupFailure extends RuntimeException {

  /**
   * @param message what is wrong and what to do about it
   * @param cause for the log, if there is one
   */
  public StartupFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static StartupFailure portTaken(int port, String server, String property) {
    return new StartupFailure(
        "Port %d, which %s needs, is taken: stop the program that uses it, or set %s to a free port."
            .formatted(port, server, property),
        null);
  }

  static StartupFailure secondInstance(Path folder, String owner) {
    return new StartupFailure(
        "The data folder %s is in use by another running Holdfast%s: stop that one, or choose another data folder."
            .formatted(folder, owner),
        null);
  }

  static StartupFailure diskFull(Path folder, @Nullable Throwable cause) {
    return new StartupFailure(
        "The disk that holds %s is full: free at least %d MB there, or choose a folder on another disk."
            .formatted(folder, DataFolder.REQUIRED_BYTES / 1_000_000),
        cause);
  }

  static StartupFailure noPermission(Path folder, @Nullable Throwable cause) {
    return new StartupFailure(
        "No permission to write to %s: make this user its owner, or choose another folder."
            .formatted(folder),
        cause);
  }

  static StartupFailure brokenFolder(
      String server, Path folder, String detail, @Nullable Throwable cause) {
    return new StartupFailure(
        "%s cannot use its data folder %s (%s): restore it from a backup, or move it away to start with an empty one."
            .formatted(server, folder, detail),
        cause);
  }

  /** Says what a failed file operation means for whoever started the program. */
  static StartupFailure of(IOException failure, Path folder) {
    if (isFull(failure)) {
      return diskFull(folder, failure);
    }
    if (isForbidden(failure)) {
      return noPermission(folder, failure);
    }
    return new StartupFailure(
        "The folder %s cannot be used (%s: %s): choose another one."
            .formatted(folder, failure.getClass().getSimpleName(), reason(failure)),
        failure);
  }

  /** Whether {@link #of} says more than that the folder cannot be used. */
  static boolean isKnown(IOException failure) {
    return isFull(failure) || isForbidden(failure);
  }

  private static boolean isFull(IOException failure) {
    String reason = reason(failure);
    return reason.contains("No space left") || reason.contains("quota exceeded");
  }

  private static boolean isForbidden(IOException failure) {
    String reason = reason(failure);
    return failure instanceof AccessDeniedException
        || reason.contains("Permission denied")
        || reason.contains("Operation not permitted")
        || reason.contains("Read-only");
  }

  private static String reason(IOException failure) {
    return failure instanceof FileSystemException named && named.getReason() != null
        ? named.getReason()
        : String.valueOf(failure.getMessage());
  }
}
