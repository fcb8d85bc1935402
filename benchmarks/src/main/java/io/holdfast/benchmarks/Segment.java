package io.holdfast.benchmarks;

/**
 * One part of a run. How much a run's equal parts differ is how much its figures can be trusted.
 *
 * @param cpuUs CPU microseconds of an order
 * @param p50Ms 0 where nobody waited for an answer; so is {@code p99Ms}
 */
record Segment(double ordersPerS, double cpuUs, double p50Ms, double p99Ms) {}
