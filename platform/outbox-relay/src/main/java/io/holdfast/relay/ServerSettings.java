package io.holdfast.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What PostgreSQL must be set to before the relay may promise anything. */
final class ServerSettings {

  static final Set<String> NAMES =
      Set.of(
          "wal_level",
          "fsync",
          "full_page_writes",
          "synchronous_commit",
          "wal_sender_timeout",
          "max_slot_wal_keep_size",
          "idle_replication_slot_timeout");

  private static final long MAX_WAL_SENDER_TIMEOUT_MILLIS = 10_000;

  private ServerSettings() {}

  /** One sentence for each setting that must be changed; empty if all are right. */
  static List<String> objections(Map<String, String> found) {
    var objections = new ArrayList<String>();
    require(found, objections, "wal_level", Set.of("logical"), "there is no stream to read");
    require(found, objections, "fsync", Set.of("on"), "a crash loses committed orders");
    require(found, objections, "full_page_writes", Set.of("on"), "a crash can tear pages");
    require(
        found,
        objections,
        "synchronous_commit",
        Set.of("on", "remote_apply"),
        "a message could outlive the transaction it tells of");
    String timeout = found.getOrDefault("wal_sender_timeout", "");
    long millis = millis(timeout);
    if (millis <= 0 || millis > MAX_WAL_SENDER_TIMEOUT_MILLIS) {
      objections.add(
          "PostgreSQL's wal_sender_timeout is %s, but the relay needs more than 0 and at most 10s: a dead relay holds the slot for that long."
              .formatted(timeout));
    }
    if (found.getOrDefault("max_slot_wal_keep_size", "-1").equals("-1")) {
      objections.add(
          "PostgreSQL's max_slot_wal_keep_size is -1, but the relay needs a limit, such as 16GB: without one a stopped relay fills the disk and stops the database.");
    }
    String idle = found.getOrDefault("idle_replication_slot_timeout", "0");
    if (millis(idle) != 0) {
      objections.add(
          "PostgreSQL's idle_replication_slot_timeout is %s, but the relay needs 0: otherwise its slot is given up during an outage."
              .formatted(idle));
    }
    return objections;
  }

  private static void require(
      Map<String, String> found,
      List<String> objections,
      String name,
      Set<String> allowed,
      String because) {
    String value = found.getOrDefault(name, "missing");
    if (!allowed.contains(value)) {
      String needed = allowed.size() == 1 ? allowed.iterator().next() : "on";
      objections.add(
          "PostgreSQL's %s is %s, but the relay needs %s: otherwise %s."
              .formatted(name, value, needed, because));
    }
  }

  /** Reads a time as PostgreSQL shows it (0, 500ms, 10s, 1min, 2h, 1d); -1 if it is none. */
  private static long millis(String shown) {
    var units =
        Map.of("ms", 1L, "s", 1_000L, "min", 60_000L, "h", 3_600_000L, "d", 86_400_000L, "", 1L);
    String digits = shown.replaceAll("[^0-9].*$", "");
    Long unit = units.get(shown.substring(digits.length()));
    return digits.isEmpty() || unit == null ? -1 : Long.parseLong(digits) * unit;
  }
}
