package io.holdfast.benchmarks.scenario;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Something that holds at the end of every scenario.
 *
 * @param holds what, for people
 * @param check looks whether it does
 */
record Invariant(String holds, Function<Books, Finding> check) {

  /**
   * @param looked at how many things
   * @param broken a row for each that is wrong
   */
  record Finding(long looked, List<String> broken) {

    /**
     * @param wrong what is wrong with a thing; null if nothing is
     */
    static <T> Finding each(Collection<T> things, Function<T, @Nullable String> wrong) {
      var broken = new ArrayList<String>();
      for (var thing : things) {
        String row = wrong.apply(thing);
        if (row != null) {
          broken.add(row);
        }
      }
      return new Finding(things.size(), broken);
    }

    Finding and(Finding other) {
      return new Finding(
          looked + other.looked, Stream.concat(broken.stream(), other.broken.stream()).toList());
    }
  }

  Finding check(Books books) {
    return check.apply(books);
  }
}
