package io.holdfast.orchestrator.engine;

import static io.holdfast.contracts.Phase.TRY;
import static io.holdfast.orchestrator.TripSagas.HOP;
import static io.holdfast.orchestrator.TripSagas.SEATS;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.TimePartitions;
import io.holdfast.messaging.UuidV7;
import io.holdfast.orchestrator.RunningOrchestrator;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** History is kept by day and dropped by day. */
@Tag("R-M5")
class HistoryRetentionIT extends RunningOrchestrator {

  @Autowired TimePartitions timePartitions;
  @Autowired EngineProperties properties;

  private static final String PARTITION_OF =
      """
      select tableoid::regclass::text from saga_history where saga_id = ? limit 1
      """;

  @Test
  void theHistoryOfASagaIsInThePartitionOfItsDayAndTheNextDaysAreReady() {
    var saga = newSaga();
    deliver(start(saga, HOP));

    assertThat(partitionOf(saga)).isEqualTo(partition(0));
    assertThat(partitions()).contains(partition(0), partition(1), partition(7));
  }

  @Test
  void aDayPastItsRetentionIsDroppedAndTheDayBeforeThatStays() {
    int days = Math.toIntExact(properties.historyRetention().toDays());
    createDay(-days - 2);
    createDay(-days);
    var old = sagaOf(-days - 2);
    var young = sagaOf(-days);
    deliver(start(old, HOP), start(young, HOP));
    assertThat(partitionOf(old)).isEqualTo(partition(-days - 2));

    timePartitions.maintain();

    assertThat(partitions()).contains(partition(-days)).doesNotContain(partition(-days - 2));
    assertThat(history(young)).hasSize(1);
    assertThat(jdbc.sql(PARTITION_OF).param(old.value()).query(String.class).list()).isEmpty();
    assertThat(row(old).state()).isEqualTo("TRYING");
  }

  @Test
  void aSagaThatOutlivesItsDayGoesOnAndKeepsItsLaterHistory() {
    var saga = sagaOf(-400);

    deliver(start(saga, HOP));
    deliver(done(saga, SEATS, TRY));

    assertThat(partitionOf(saga)).isEqualTo("saga_history_other");
    assertThat(history(saga)).hasSize(2);
  }

  private static SagaId sagaOf(int day) {
    var bound = UuidV7.lowestAt(Instant.now().plus(Duration.ofDays(day)));
    return new SagaId(
        new UUID(bound.getMostSignificantBits(), UuidV7.next().getLeastSignificantBits()));
  }

  private void createDay(int day) {
    jdbc.sql("select create_day_partition('saga_history'::regclass, current_date + ?)")
        .param(day)
        .query(String.class)
        .single();
  }

  private static String partition(int day) {
    var date = LocalDate.now(ZoneOffset.UTC).plusDays(day);
    return "saga_history_" + date.format(DateTimeFormatter.BASIC_ISO_DATE);
  }

  private String partitionOf(SagaId saga) {
    return jdbc.sql(PARTITION_OF).param(saga.value()).query(String.class).single();
  }

  private static final String PARTITIONS =
      """
      select inhrelid::regclass::text from pg_inherits where inhparent = 'saga_history'::regclass
      """;

  private List<String> partitions() {
    return jdbc.sql(PARTITIONS).query((row, _) -> row.getString(1)).list();
  }
}
