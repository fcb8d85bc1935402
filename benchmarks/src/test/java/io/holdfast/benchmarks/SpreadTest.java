package io.holdfast.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void isTheStandardDeviationOfTheSampleAsAPartOfTheMean() {
    assertThat(Spread.relative(List.of(2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0)))
        .isEqualTo(Math.sqrt(32.0 / 7) / 5, Offset.offset(1e-12));
  }

  @Test
  void nothingCanBeSaidOfOneValue() {
    assertThat(Spread.relative(List.of(3.0))).isZero();
    assertThat(Spread.relative(List.of(0.0, 0.0))).isZero();
  }
}
