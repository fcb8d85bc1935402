package io.holdfast.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StepsTest {

  private static final int LAST = Steps.MAX - 1;

  @Test
  void isASet() {
    var steps = Steps.of(0).with(Steps.of(LAST)).with(Steps.of(0));

    assertThat(steps.size()).isEqualTo(2);
    assertThat(steps.contains(0)).isTrue();
    assertThat(steps.contains(1)).isFalse();
    assertThat(steps.contains(LAST)).isTrue();
    assertThat(steps).isEqualTo(Steps.of(LAST).with(Steps.of(0))).hasToString("{0,62}");
  }

  @Test
  void takesAwayOnlyWhatIsThere() {
    var steps = Steps.of(1).with(Steps.of(2));

    assertThat(steps.without(Steps.of(2).with(Steps.of(3)))).isEqualTo(Steps.of(1));
    assertThat(steps.without(steps)).isEqualTo(Steps.NONE);
    assertThat(Steps.NONE.isEmpty()).isTrue();
    assertThat(steps.isEmpty()).isFalse();
  }

  @Test
  void intersectsOnlyWithACommonStep() {
    var steps = Steps.of(1).with(Steps.of(2));

    assertThat(steps.intersects(Steps.of(2).with(Steps.of(3)))).isTrue();
    assertThat(steps.intersects(Steps.of(3))).isFalse();
    assertThat(steps.intersects(Steps.NONE)).isFalse();
  }

  @Test
  void visitsInTheDefinitionsOrder() {
    var visited = new ArrayList<Integer>();

    Steps.of(LAST).with(Steps.of(0)).with(Steps.of(7)).forEach(visited::add);

    assertThat(visited).containsExactly(0, 7, LAST);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Steps.MAX, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void refusesAStepThatNoDefinitionHas(int step) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Steps.of(step))
        .withMessage("step %d is not within 0 and 62", step);
  }

  @Test
  void refusesTheSignBit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Steps(-1))
        .withMessage("a definition has at most 63 steps");
  }
}
