package io.holdfast.embedded;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What PostgreSQL's messages about a failed start mean for whoever started it. */
final class PostgresDiagnosis {

  private static final String SERVER = "PostgreSQL";
  private static final Pattern WORST =
      Pattern.compile("(?:FATAL|PANIC|initdb: error): +(.+)|pg_ctl: (directory .+)");
  private static final Pattern VERSIONS =
      Pattern.compile(
          "initialized by PostgreSQL version (\\S+), which is not compatible with this version ([0-9.]+)");

  private PostgresDiagnosis() {}

  static StartupFailure of(String said, Path folder, Path log, int port) {
    if (said.contains("No space left on device") || said.contains("Disk quota exceeded")) {
      return StartupFailure.diskFull(folder, null);
    }
    if (said.contains("Address already in use")) {
      return StartupFailure.portTaken(port, SERVER, EmbeddedPostgresSettings.PORT_PROPERTY);
    }
    Matcher versions = VERSIONS.matcher(said);
    if (versions.find()) {
      String detail =
          "made by PostgreSQL %s, this is %s".formatted(versions.group(1), versions.group(2));
      return StartupFailure.brokenFolder(SERVER, folder, detail, null);
    }
    if (said.contains("Permission denied")
        || said.contains("Operation not permitted")
        || said.contains("Read-only file system")
        || said.contains("wrong ownership")) {
      return StartupFailure.noPermission(folder, null);
    }
    if (said.contains("shared memory") && said.contains("could not")) {
      return new StartupFailure(
          "PostgreSQL got too little shared memory: give /dev/shm at least 256 MB.", null);
    }
    Matcher worst = WORST.matcher(said);
    String detail = "see " + log;
    while (worst.find()) {
      String reason = worst.group(1) != null ? worst.group(1) : worst.group(2);
      detail = reason.strip() + "; see " + log;
    }
    return StartupFailure.brokenFolder(SERVER, folder, detail, null);
  }
}
