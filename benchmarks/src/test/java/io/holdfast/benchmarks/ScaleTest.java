package io.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ScaleTest {

  @Test
  void aLinearScaleGoesFromNothingToARoundValueAboveAll() {
    var scale = Scale.of(List.of(430.0, 4_300.0), false);

    assertThat(scale.ticks()).containsExactly(0.0, 1000.0, 2000.0, 3000.0, 4000.0, 5000.0);
    assertThat(scale.part(2500)).isEqualTo(0.5);
  }

  @Test
  void aLogarithmicScaleHasRoundEndsAndEqualRatiosAreEqualDistances() {
    var scale = Scale.of(List.of(3.0, 180.0), true);

    assertThat(scale.ticks()).containsExactly(2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0);
    assertThat(scale.part(20)).isEqualTo(0.5, Offset.offset(1e-9));
  }

  @Test
  void aSingleValueHasAScaleToo() {
    assertThat(Scale.of(List.of(10.0), true).ticks()).hasSizeGreaterThan(1);
    assertThat(Scale.of(List.of(0.0), false).part(0)).isZero();
  }
}
