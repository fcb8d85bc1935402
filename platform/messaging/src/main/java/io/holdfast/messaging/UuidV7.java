package io.holdfast.messaging;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import java.time.Instant;
import java.util.UUID;

/**
 * UUIDs of version 7 (RFC 9562): 48 bits of milliseconds, then randomness. Tables that grow with
 * time are partitioned by them.
 */
public final class UuidV7 {

  private static final NoArgGenerator GENERATOR = Generators.timeBasedEpochRandomGenerator();

  private UuidV7() {}

  public static UUID next() {
    return GENERATOR.generate();
  }

  /** When {@code id} was made, to a millisecond. */
  static Instant time(UUID id) {
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
  }

  /** The smallest UUID of version 7 whose time is {@code instant}: a partition's bound. */
  public static UUID lowestAt(Instant instant) {
    return new UUID((instant.toEpochMilli() << 16) | 0x7000, 0x8000_0000_0000_0000L);
  }
}
