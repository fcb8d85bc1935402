package io.holdfast.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSettingsTest {

  private static final Map<String, String> GOOD =
      Map.of(
          "wal_level", "logical",
          "fsync", "on",
          "full_page_writes", "on",
          "synchronous_commit", "on",
          "wal_sender_timeout", "10s",
          "max_slot_wal_keep_size", "16GB",
          "idle_replication_slot_timeout", "0");

  @Test
  void acceptsAServerThatLosesNothing() {
    assertThat(ServerSettings.objections(GOOD)).isEmpty();
  }

  @ParameterizedTest
  @Tag("F30")
  @CsvSource({
    "wal_level, replica, logical",
    "fsync, off, on",
    "full_page_writes, off, on",
    "synchronous_commit, off, on",
    "wal_sender_timeout, 1min, at most 10s",
    "wal_sender_timeout, 0, at most 10s",
    "max_slot_wal_keep_size, -1, a limit",
    "idle_replication_slot_timeout, 1d, 0"
  })
  void namesTheSettingTheValueFoundAndTheValueNeeded(String name, String found, String needed) {
    var settings = new HashMap<>(GOOD);
    settings.put(name, found);

    var objections = ServerSettings.objections(settings);

    assertThat(objections).hasSize(1);
    assertThat(objections.getFirst())
        .startsWith("PostgreSQL's %s is %s, but the relay needs ".formatted(name, found))
        .contains(needed);
  }

  @Test
  void anOlderServerWithoutIdleTimeoutOfSlotsIsFine() {
    var settings = new HashMap<>(GOOD);
    settings.remove("idle_replication_slot_timeout");

    assertThat(ServerSettings.objections(settings)).isEmpty();
  }
}
