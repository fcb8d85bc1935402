package io.holdfast.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.relay.SlotVerdict.Broken;
import io.holdfast.relay.SlotVerdict.FirstStart;
import io.holdfast.relay.SlotVerdict.Sound;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("F29")
class SlotVerdictTest {

  private static final SlotRecord RECORD = new SlotRecord("77", 1, new Lsn(100), true);

  @Test
  void theSlotMayStandAtOrBeforeWhatKafkaHas() {
    assertThat(verdict(RECORD, slot(new Lsn(100), "reserved", null))).isInstanceOf(Sound.class);
    assertThat(verdict(RECORD, slot(new Lsn(1), "extended", null))).isInstanceOf(Sound.class);
  }

  @Test
  void aSlotPastWhatKafkaHasIsBroken() {
    assertThat(verdict(RECORD, slot(new Lsn(101), "reserved", null))).isInstanceOf(Broken.class);
  }

  @Test
  void positionsCompareAsPostgresCountsThemAlsoPastHalfTheirRange() {
    var record = new SlotRecord("77", 1, new Lsn(Long.MAX_VALUE), true);

    assertThat(verdict(record, slot(new Lsn(Long.MIN_VALUE), "reserved", null)))
        .isInstanceOf(Broken.class);
  }

  @Test
  void withoutARecordItIsTheFirstStart() {
    assertThat(SlotVerdict.of(Optional.empty(), Optional.empty(), "77", "db"))
        .isInstanceOf(FirstStart.class);
    assertThat(
            SlotVerdict.of(
                Optional.empty(), Optional.of(slot(new Lsn(1), "reserved", null)), "77", "db"))
        .isInstanceOf(FirstStart.class);
  }

  @Test
  void aSlotThatIsGoneLostInvalidForeignOrUnfinishedIsBroken() {
    assertThat(SlotVerdict.of(Optional.of(RECORD), Optional.empty(), "77", "db"))
        .isEqualTo(new Broken("the slot is gone"));
    assertThat(verdict(RECORD, slot(new Lsn(1), "lost", null))).isInstanceOf(Broken.class);
    assertThat(verdict(RECORD, slot(null, "reserved", null))).isInstanceOf(Broken.class);
    assertThat(verdict(RECORD, slot(new Lsn(1), "reserved", "idle_timeout")))
        .isInstanceOf(Broken.class);
    assertThat(
            SlotVerdict.of(
                Optional.of(RECORD), Optional.of(slot(new Lsn(1), "reserved", null)), "78", "db"))
        .isInstanceOf(Broken.class);
    assertThat(
            SlotVerdict.of(
                Optional.of(RECORD), Optional.of(slot(new Lsn(1), "reserved", null)), "77", "x"))
        .isInstanceOf(Broken.class);
    assertThat(
            verdict(new SlotRecord("77", 2, new Lsn(9), false), slot(new Lsn(1), "reserved", null)))
        .isInstanceOf(Broken.class);
  }

  private static SlotVerdict verdict(SlotRecord record, SlotStatus slot) {
    return SlotVerdict.of(Optional.of(record), Optional.of(slot), "77", "db");
  }

  private static SlotStatus slot(
      @Nullable Lsn confirmed, String walStatus, @Nullable String invalidation) {
    return new SlotStatus("db", "pgoutput", null, walStatus, invalidation, confirmed, 0, 0);
  }
}
