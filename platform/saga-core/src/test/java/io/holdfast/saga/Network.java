package io.holdfast.saga;

import java.util.function.IntConsumer;

/** Messages in flight, in one long. Messages are numbered from 0. */
sealed interface Network {

  long EMPTY = 0;

  /** What is in flight once {@code message} is sent too. */
  long with(long flight, int message);

  /** What is in flight without one copy of {@code message}. */
  long without(long flight, int message);

  /** Visits each different message once. */
  void forEach(long flight, IntConsumer visitor);

  /** Whether a message can leave the network, by being consumed or lost. */
  boolean forgets();

  /**
   * What was ever sent can arrive any number of times, at any time, or never. So this contains
   * every run of every network that loses, repeats, delays and reorders, with no bound on copies or
   * on messages in flight.
   */
  record Everlasting() implements Network {

    @Override
    public long with(long flight, int message) {
      return flight | (1L << message);
    }

    @Override
    public long without(long flight, int message) {
      return flight;
    }

    @Override
    public void forEach(long flight, IntConsumer visitor) {
      for (long rest = flight; rest != 0; rest &= rest - 1) {
        visitor.accept(Long.numberOfTrailingZeros(rest));
      }
    }

    @Override
    public boolean forgets() {
      return false;
    }
  }

  /**
   * A multiset: at most two copies of a message, at most {@code room} messages in all; what finds
   * no room is lost.
   */
  record Lossy(int room) implements Network {

    private static final int COPIES = 2;
    private static final int WIDTH = 6;
    private static final long SLOT = (1 << WIDTH) - 1;

    public Lossy {
      if (room < 1 || room > Long.SIZE / WIDTH) {
        throw new IllegalArgumentException("room for 1 to 10 messages, not " + room);
      }
    }

    /** Slots are kept in falling order, so that equal multisets are equal longs. */
    @Override
    public long with(long flight, int message) {
      long entry = message + 1L;
      int copies = 0;
      int position = 0;
      int size = 0;
      for (int slot = 0; slot < room; slot++) {
        long there = (flight >>> (slot * WIDTH)) & SLOT;
        copies += there == entry ? 1 : 0;
        position += there > entry ? 1 : 0;
        size += there > 0 ? 1 : 0;
      }
      if (size == room || copies == COPIES) {
        return flight;
      }
      long before = flight & ((1L << (position * WIDTH)) - 1);
      long after = flight >>> (position * WIDTH);
      return before | (entry << (position * WIDTH)) | (after << ((position + 1) * WIDTH));
    }

    @Override
    public long without(long flight, int message) {
      for (int slot = 0; slot < room; slot++) {
        if (((flight >>> (slot * WIDTH)) & SLOT) == message + 1) {
          long before = flight & ((1L << (slot * WIDTH)) - 1);
          long after = flight >>> (slot * WIDTH) >>> WIDTH;
          return before | (after << (slot * WIDTH));
        }
      }
      return flight;
    }

    @Override
    public void forEach(long flight, IntConsumer visitor) {
      long last = 0;
      for (long rest = flight; rest != 0; rest >>>= WIDTH) {
        long entry = rest & SLOT;
        if (entry != last) {
          visitor.accept((int) entry - 1);
        }
        last = entry;
      }
    }

    @Override
    public boolean forgets() {
      return true;
    }
  }
}
