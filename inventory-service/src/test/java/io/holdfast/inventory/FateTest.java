package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FateTest {

  private static final WarehouseSettings SETTINGS =
      new WarehouseSettings(Duration.ZERO, 0.1, 0.3, 0.5, 42L);

  private static Stream<UUID> jobs() {
    return IntStream.range(0, 20_000).mapToObj(i -> new UUID(i * 7919L, i * 104_729L));
  }

  @Test
  void isTheSameForTheSameSeedJobActionAndCall() {
    assertThat(jobs().map(job -> Fate.of(SETTINGS, 42, job, "PICK", 2)))
        .containsExactlyElementsOf(
            jobs().map(job -> Fate.of(SETTINGS, 42, job, "PICK", 2)).toList());
    assertThat(jobs().map(job -> Fate.of(SETTINGS, 43, job, "PICK", 2)).toList())
        .isNotEqualTo(jobs().map(job -> Fate.of(SETTINGS, 42, job, "PICK", 2)).toList());
  }

  @Test
  void damageIsTheJobsAndNotTheCalls() {
    assertThat(jobs())
        .allMatch(
            job ->
                Fate.of(SETTINGS, 42, job, "PICK", 1).damaged()
                    == Fate.of(SETTINGS, 42, job, "PICK", 2).damaged());
  }

  @Test
  void happensAsOftenAsItIsSet() {
    var fates = jobs().map(job -> Fate.of(SETTINGS, 42, job, "PICK", 1)).toList();

    assertThat(fates.stream().filter(Fate::damaged).count()).isBetween(1_800L, 2_200L);
    assertThat(fates.stream().filter(Fate::fails).count()).isBetween(5_700L, 6_300L);
    assertThat(fates.stream().filter(Fate::lost).count()).isBetween(9_600L, 10_400L);
  }
}
