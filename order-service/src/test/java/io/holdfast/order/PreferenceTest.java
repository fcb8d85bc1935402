package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferenceTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wait=5 | 5",
        "respond-async, wait=10 | 10",
        "WAIT = \"7\" | 7",
        "wait=3; foo=bar | 3",
        "wait=600 | 30",
        "wait=999999999 | 30",
        "wait=1, wait=9 | 1",
        "wait=0 | 0",
        "wait=-1 | 0",
        "wait=soon | 0",
        "wait | 0",
        "return=minimal | 0",
        "'' | 0",
      })
  void readsHowLongAClientLikesToWait(String header, int seconds) {
    assertThat(Preference.wait(List.of(header), Duration.ofSeconds(30)))
        .isEqualTo(Duration.ofSeconds(seconds));
  }
}
