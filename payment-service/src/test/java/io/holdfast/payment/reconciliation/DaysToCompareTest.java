package io.holdfast.payment.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-S4")
class DaysToCompareTest {

  private static final LocalDate LAST_OVER = LocalDate.of(2026, 11, 20);

  @Test
  void firstDayEverIsTheLastThatIsOver() {
    assertThat(ReconciliationWorker.notAskedFor(null, LAST_OVER)).containsExactly(LAST_OVER);
  }

  @Test
  void dayThatWasAskedForIsNotAskedForAgain() {
    assertThat(ReconciliationWorker.notAskedFor(LAST_OVER, LAST_OVER)).isEmpty();
    assertThat(ReconciliationWorker.notAskedFor(LAST_OVER.plusDays(1), LAST_OVER)).isEmpty();
  }

  @Test
  void daysOnWhichNobodyWasThereToAskAreMadeUpFor() {
    assertThat(ReconciliationWorker.notAskedFor(LAST_OVER.minusDays(3), LAST_OVER))
        .containsExactly(LAST_OVER.minusDays(2), LAST_OVER.minusDays(1), LAST_OVER);
  }

  @Test
  void atMostAMonthIsMadeUpFor() {
    assertThat(ReconciliationWorker.notAskedFor(LAST_OVER.minusDays(400), LAST_OVER))
        .hasSize(31)
        .startsWith(LAST_OVER.minusDays(30))
        .endsWith(LAST_OVER);
  }
}
