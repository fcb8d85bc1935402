package io.holdfast.saga;

import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An immutable set of steps, each known by its position in the definition. One long, so that a saga
 * row carries it in one column and a batch of sagas in one array.
 *
 * @param bits bit n is set if step n is in the set
 */
public record Steps(long bits) {

  /** The most steps that a definition can have. */
  public static final int MAX = 63;

  public static final Steps NONE = new Steps(0);

  /**
   * @throws IllegalArgumentException if bit 63 is set
   */
  public Steps {
    if (bits < 0) {
      throw new IllegalArgumentException("a definition has at most " + MAX + " steps");
    }
  }

  /**
   * @throws IllegalArgumentException if {@code step} is not within 0 and {@link #MAX} - 1
   */
  public static Steps of(int step) {
    if (step < 0 || step >= MAX) {
      throw new IllegalArgumentException("step " + step + " is not within 0 and " + (MAX - 1));
    }
    return new Steps(1L << step);
  }

  public boolean isEmpty() {
    return bits == 0;
  }

  public boolean contains(int step) {
    return (bits & of(step).bits) != 0;
  }

  public boolean intersects(Steps others) {
    return (bits & others.bits) != 0;
  }

  public Steps with(Steps others) {
    return new Steps(bits | others.bits);
  }

  public Steps without(Steps others) {
    return new Steps(bits & ~others.bits);
  }

  public int size() {
    return Long.bitCount(bits);
  }

  /** Visits the steps in the definition's order. */
  public void forEach(IntConsumer visitor) {
    for (long rest = bits; rest != 0; rest &= rest - 1) {
      visitor.accept(Long.numberOfTrailingZeros(rest));
    }
  }

  @Override
  public String toString() {
    return IntStream.range(0, MAX)
        .filter(this::contains)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "{", "}"));
  }
}
