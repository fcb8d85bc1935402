package io.holdfast.relay;

import org.postgresql.replication.LogSequenceNumber;

/**
 * A position in PostgreSQL's log.
 *
 * @param value bytes since the beginning of the log
 */
record Lsn(long value) implements Comparable<Lsn> {

  static Lsn parse(String text) {
    return new Lsn(LogSequenceNumber.valueOf(text).asLong());
  }

  boolean isAfter(Lsn other) {
    return compareTo(other) > 0;
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(value, other.value);
  }

  /** As PostgreSQL writes it, such as 0/16B3748. */
  @Override
  public String toString() {
    return LogSequenceNumber.valueOf(value).asString();
  }
}
