package io.holdfast.messaging;

import static io.holdfast.messaging.SqlArrays.ints;
import static io.holdfast.messaging.SqlArrays.longs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows that wait for an outside world, as stores keep them. */
final class JobStore {

  private final JdbcClient jdbc;
  private final String queue;
  private final NextDue nextDue;

  JobStore(JdbcClient jdbc, String queue) {
    this.jdbc = jdbc;
    this.queue = queue;
    this.nextDue = new NextDue(jdbc, "job");
  }

  /** A claimed job. */
  record Job(int number, long version) {}

  /** A job's answer. */
  record Answer(Job job, int answer) {}

  /** A job as it is stored. */
  record Row(int number, long version, int answer, int answered) {}

  private static final String ADD =
      """
      insert into job (queue, number)
      select ?, number from generate_series(?, ?) number
      """;

  void add(int first, int last) {
    jdbc.sql(ADD).params(queue, first, last).update();
  }

  private static final String CLAIM =
      """
      update job
      set version = version + 1,
        next_action_at = now() + ? * interval '1 ms'
      where queue = ?
        and number in (
          select number from job
          where queue = ? and next_action_at <= now()
          order by next_action_at, number
          limit ?
          for update skip locked)
      returning number, version
      """;

  List<Job> claim(int limit, Duration lease) {
    return jdbc.sql(CLAIM)
        .params(lease.toMillis(), queue, queue, limit)
        .query(new DataClassRowMapper<>(Job.class))
        .list();
  }

  private static final String COUNT_CLAIMED =
      """
      select count(*) from job
      where queue = ? and version > 0
      """;

  long countClaimed() {
    return jdbc.sql(COUNT_CLAIMED).param(queue).query(Long.class).single();
  }

  private static final String WAIT_FOR_LOCKS =
      """
      select set_config('lock_timeout', ?, true)
      """;

  /** For the rest of this transaction. */
  void waitForLocksAtMost(Duration limit) {
    jdbc.sql(WAIT_FOR_LOCKS).param(limit.toMillis() + "ms").query(String.class).single();
  }

  Duration untilNextDue(Duration atMost) {
    return nextDue.in(atMost);
  }

  private static final String LOCK =
      """
      select number, version from job
      where queue = ? and number = any (?)
      order by number
      for update
      """;

  /** Locks jobs; returns the newest claim of each. */
  Map<Integer, Long> lock(List<Answer> answers) {
    return jdbc
        .sql(LOCK)
        .params(queue, ints(answers, answer -> answer.job().number()))
        .query(new DataClassRowMapper<>(Job.class))
        .stream()
        .collect(Collectors.toMap(Job::number, Job::version));
  }

  private static final String RECORD =
      """
      update job
      set answer = t.answer,
        answered = answered + 1,
        next_action_at = null
      from unnest(?::integer[], ?::bigint[], ?::integer[]) as t (number, version, answer)
      where queue = ?
        and job.number = t.number
        and job.version = t.version
      """;

  int record(List<Answer> answers) {
    return jdbc.sql(RECORD)
        .params(
            ints(answers, answer -> answer.job().number()),
            longs(answers, answer -> answer.job().version()),
            ints(answers, Answer::answer),
            queue)
        .update();
  }

  private static final String ANSWERED =
      """
      select number, version, answer, answered from job
      where queue = ? and answer is not null
      order by number
      """;

  List<Row> answered() {
    return jdbc.sql(ANSWERED).param(queue).query(new DataClassRowMapper<>(Row.class)).list();
  }
}
