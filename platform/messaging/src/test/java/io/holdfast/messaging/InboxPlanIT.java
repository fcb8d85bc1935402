package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The inbox costs the same however long messages are remembered. */
class InboxPlanIT extends RunningMessaging {

  private static final Pattern PARTITION_SCAN = Pattern.compile(".*Scan .*on inbox_.*");

  @Test
  @Tag("R-M5")
  void onlyThePartitionsOfABatchAreLookedAt() {
    var plan = planOf(UuidV7.next());

    assertThat(plan)
        .anyMatch(line -> line.contains("Subplans Removed"))
        .filteredOn(line -> PARTITION_SCAN.matcher(line).matches())
        .hasSizeBetween(1, 2)
        .allMatch(line -> line.contains("Index"));
  }

  /** The plan that is kept for all batches, begun with this one. */
  private List<String> planOf(UUID id) {
    String statement = Inbox.INSERT;
    for (int parameter = 1; statement.contains("?"); parameter++) {
      statement = statement.replaceFirst("\\?", "\\$" + parameter);
    }
    String prepare = "prepare claim (text, uuid[], uuid[], uuid, uuid, text) as " + statement;
    String explain =
        "explain (costs off) execute claim('%2$s', '{%1$s}', '{%1$s}', '%1$s', '%1$s', '%2$s')"
            .formatted(id, consumer);
    return transactions.execute(
        _ -> {
          jdbc.sql("set local plan_cache_mode = force_generic_plan").update();
          jdbc.sql(prepare).update();
          var plan = jdbc.sql(explain).query(String.class).list();
          jdbc.sql("deallocate claim").update();
          return plan;
        });
  }
}
