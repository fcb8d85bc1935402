package io.holdfast.saga;

import java.util.Arrays;

/** Numbers pairs of longs in the order in which they are first seen. */
final class StateTable {

  private long[] first = new long[1 << 12];
  private long[] second = new long[1 << 12];
  private int[] slots = new int[1 << 13];
  private int size;

  /** The number of a pair that is new; -1 minus the number of one that is not. */
  int add(long one, long two) {
    if (2 * (size + 1) > slots.length) {
      grow();
    }
    int slot = slotOf(one, two);
    if (slots[slot] != 0) {
      return -slots[slot];
    }
    first[size] = one;
    second[size] = two;
    slots[slot] = ++size;
    return size - 1;
  }

  int size() {
    return size;
  }

  long first(int number) {
    return first[number];
  }

  long second(int number) {
    return second[number];
  }

  private int slotOf(long one, long two) {
    long hash = ((one * 0x9E3779B97F4A7C15L) ^ two) * 0xC2B2AE3D27D4EB4FL;
    int slot = (int) (hash ^ (hash >>> 32)) & (slots.length - 1);
    while (slots[slot] != 0 && (first[slots[slot] - 1] != one || second[slots[slot] - 1] != two)) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  private void grow() {
    first = Arrays.copyOf(first, 2 * first.length);
    second = Arrays.copyOf(second, 2 * second.length);
    slots = new int[2 * slots.length];
    for (int number = 0; number < size; number++) {
      slots[slotOf(first[number], second[number])] = number + 1;
    }
  }
}
