package io.holdfast.inventory;

import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table {@code robot_task}: the simulated warehouse's memory. Each statement is a transaction
 * of its own, as in an outside world.
 */
final class RobotStore {

  private final JdbcClient jdbc;

  RobotStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * What was done.
   *
   * @param detail the damaged good, or the tracking code
   */
  record Result(boolean isDamaged, String detail) {

    static Result done(String detail) {
      return new Result(false, detail);
    }

    static Result damaged(String sku) {
      return new Result(true, sku);
    }
  }

  private static final String COUNT =
      """
      insert into robot_task (job, action, calls)
      values (?, ?, 1)
      on conflict (job, action) do update set calls = robot_task.calls + 1
      returning calls
      """;

  /** Takes a call down; returns its number for this job and action, from 1. */
  int count(UUID job, String action) {
    return jdbc.sql(COUNT).params(job, action).query(Integer.class).single();
  }

  private static final String FINISH =
      """
      update robot_task task
      set result = coalesce(result, ?),
        detail = case when result is null then ? else detail end,
        done_at = coalesce(done_at, now())
      where job = ? and action = ?
        and (action <> 'PICK' or result is not null or not exists (
          select from robot_task back where back.job = task.job and back.action = 'PUT_BACK' and back.result is not null))
      returning result = 'DAMAGED' as damaged, detail
      """;

  /**
   * Does it, unless it is done: then what was done stays.
   *
   * @return what was done, now or before; empty if it must not be done any more
   */
  Optional<Result> finish(UUID job, String action, Result result) {
    return jdbc.sql(FINISH)
        .params(result.isDamaged() ? "DAMAGED" : "DONE", result.detail(), job, action)
        .query((row, _) -> new Result(row.getBoolean("damaged"), row.getString("detail")))
        .optional();
  }
}
