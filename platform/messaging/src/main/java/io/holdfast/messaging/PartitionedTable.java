package io.holdfast.messaging;

import java.time.Duration;

/**
 * A table that is partitioned by the day in its UUIDs of version 7. A bean of this type has its
 * partitions created ahead and dropped after {@code retention}.
 *
 * @param name of the table, in the service's schema
 * @param retention how long rows are kept; whole days, as partitions are
 */
public record PartitionedTable(String name, Duration retention) {}
