package io.holdfast.participant.testing;

/** How many of one thing are where. */
record CountedThing(String key, long available, long held, long taken) {

  CountedThing hold(long count) {
    return new CountedThing(key, available - count, held + count, taken);
  }

  CountedThing take(long count) {
    return new CountedThing(key, available, held - count, taken + count);
  }

  CountedThing release(long count) {
    return new CountedThing(key, available + count, held - count, taken);
  }
}
