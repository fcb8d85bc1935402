package io.holdfast.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-M7")
class StageTest {

  @Test
  void theLimitBeginsBehindTheTimeThatWasAskedFor() throws InterruptedException {
    var settings = ScenarioSettings.of("mixed", "--seconds=1", "--limit=0.8");
    var stage = Stage.on(new Target(Map.of(), null), settings);
    long end = stage.end();

    stage.all(
        (_, random) -> {
          while (Stage.isBefore(end)) {
            Stage.pause(random, Duration.ofMillis(50));
          }
        });

    assertThat(stage.journal().told().unexpected()).isEmpty();
  }
}
