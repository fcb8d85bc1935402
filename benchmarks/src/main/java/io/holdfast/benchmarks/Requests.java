package io.holdfast.benchmarks;

/** What a load generator sends. */
interface Requests {

  /** Headers and body of the next request. */
  byte[] next();

  /** The status that says that a request got what it wanted. */
  int expectedStatus();
}
