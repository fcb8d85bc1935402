package io.holdfast.relay;

import java.util.Optional;

/**
 * Whether streaming from the slot found can leave a hole. PostgreSQL and Debezium both go on
 * without a word after a slot was lost, so the relay compares the slot with its own record.
 */
sealed interface SlotVerdict {

  /** The slot is the one the relay made, and not past what Kafka acknowledged. */
  record Sound() implements SlotVerdict {}

  /** No relay ever ran here. */
  record FirstStart() implements SlotVerdict {}

  /**
   * Rows may be missing from this slot: a new one is made and the kept rows are published again.
   */
  record Broken(String reason) implements SlotVerdict {}

  static SlotVerdict of(
      Optional<SlotRecord> recorded,
      Optional<SlotStatus> found,
      String systemIdentifier,
      String database) {
    if (recorded.isEmpty()) {
      return new FirstStart();
    }
    SlotRecord mine = recorded.get();
    if (!mine.systemIdentifier().equals(systemIdentifier)) {
      return new Broken(
          "the slot was made in another PostgreSQL instance (%s, this is %s)"
              .formatted(mine.systemIdentifier(), systemIdentifier));
    }
    if (!mine.republished() || mine.acknowledged() == null) {
      return new Broken("publishing the kept rows again was not finished");
    }
    if (found.isEmpty()) {
      return new Broken("the slot is gone");
    }
    SlotStatus slot = found.get();
    if (!slot.database().equals(database) || !slot.plugin().equals("pgoutput")) {
      return new Broken(
          "a slot of this name belongs to database %s with plugin %s"
              .formatted(slot.database(), slot.plugin()));
    }
    if (slot.invalidationReason() != null
        || slot.walStatus().equals("lost")
        || slot.confirmed() == null) {
      return new Broken(
          "PostgreSQL gave the slot up (%s, wal_status %s)"
              .formatted(slot.invalidationReason(), slot.walStatus()));
    }
    if (slot.confirmed().isAfter(mine.acknowledged())) {
      return new Broken(
          "the slot stands at %s, but Kafka has acknowledged only up to %s: it was made again or moved by someone else"
              .formatted(slot.confirmed(), mine.acknowledged()));
    }
    return new Sound();
  }
}
