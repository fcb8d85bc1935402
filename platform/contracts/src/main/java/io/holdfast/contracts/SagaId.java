package io.holdfast.contracts;

import java.util.UUID;

/**
 * Identity of a saga, made by whoever asks for it and stored before it is sent, so that a repeated
 * request is the same saga.
 *
 * @param value a UUID of version 7 (RFC 9562): its leading 48 bits are the time, by which tables
 *     are partitioned
 */
public record SagaId(UUID value) implements Comparable<SagaId> {

  /**
   * @throws IllegalArgumentException if the UUID is not of version 7
   */
  public SagaId {
    if (value.version() != 7) {
      throw new IllegalArgumentException("a saga id is a UUID of version 7, not " + value);
    }
  }

  public static SagaId of(String text) {
    return new SagaId(UUID.fromString(text));
  }

  @Override
  public int compareTo(SagaId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
