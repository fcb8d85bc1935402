package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.DataClassRowMapper;

/** Two instances of a service with the same timer, on rows as stores keep them. */
class TimerLoopIT extends RunningMessaging {

  private static final Duration SOON = Duration.ofSeconds(10);

  private final List<TimerLoop> loops = new ArrayList<>();

  @AfterEach
  void stop() {
    loops.forEach(TimerLoop::stop);
  }

  @Test
  @Tag("R-timer")
  void eachRowIsHandledOnceAndNotBeforeItIsDue() {
    var first = startInstance();
    startInstance();

    IntStream.range(0, 200).forEach(number -> store(number, Duration.ofMillis(number * 2L)));
    first.wakeUpIn(Duration.ZERO);

    await().atMost(SOON).until(() -> handled().size() >= 200);
    assertThat(handled()).hasSize(200).allMatch(row -> row.times() == 1 && row.lateMillis() >= 0);
  }

  @Test
  @Tag("R-timer")
  void aRowWhoseInstanceDiedIsHandledByAnotherSoon() {
    startInstance();
    await().atMost(SOON).until(() -> loops.getFirst().isRunning());

    store(1, Duration.ofMillis(300));

    await().atMost(SOON).until(() -> !handled().isEmpty());
    assertThat(handled().getFirst().lateMillis())
        .isLessThan(TimerLoop.LONGEST_SLEEP.toMillis() + 1000);
  }

  @Test
  @Tag("R-timer")
  void rowsAreHandledAfterTheDatabaseCutTheConnections() {
    var loop = startInstance();
    store(1, Duration.ZERO);
    loop.wakeUpIn(Duration.ZERO);
    await().atMost(SOON).until(() -> handled().size() == 1);

    cutConnections();
    var stored = await().atMost(SOON).ignoreExceptions().until(() -> tryToStore(2), done -> done);

    assertThat(stored).isTrue();
    await().atMost(SOON).until(() -> handled().size() == 2);
  }

  private boolean tryToStore(int number) {
    store(number, Duration.ZERO);
    return true;
  }

  private TimerLoop startInstance() {
    var loop = new TimerLoop(consumer, this::handleBatch);
    loops.add(loop);
    loop.start();
    return loop;
  }

  private static final String STORE =
      """
      insert into due_row (loop, number, due_at) values (?, ?, now() + ? * interval '1 ms')
      """;

  private void store(int number, Duration delay) {
    jdbc.sql(STORE).params(consumer, number, delay.toMillis()).update();
  }

  private static final String CLAIM =
      """
      update due_row set handled_at = handled_at || clock_timestamp()
      where ctid = any (array (
        select ctid from due_row
        where loop = ? and due_at <= clock_timestamp() and handled_at = '{}'
        order by due_at
        limit 10
        for update skip locked))
      """;

  private static final String NEXT =
      """
      select coalesce(extract(epoch from min(due_at) - clock_timestamp()) * 1e9, 3600e9)::bigint
      from due_row
      where loop = ? and handled_at = '{}'
      """;

  private Duration handleBatch() {
    transactions.executeWithoutResult(_ -> jdbc.sql(CLAIM).param(consumer).update());
    return Duration.ofNanos(jdbc.sql(NEXT).param(consumer).query(Long.class).single());
  }

  private record Handled(int number, int times, long lateMillis) {}

  private static final String HANDLED =
      """
      select number, cardinality(handled_at) as times,
             floor(extract(epoch from handled_at[1] - due_at) * 1000)::bigint as late_millis
      from due_row
      where loop = ? and handled_at <> '{}'
      """;

  private List<Handled> handled() {
    return jdbc.sql(HANDLED).param(consumer).query(new DataClassRowMapper<>(Handled.class)).list();
  }
}
