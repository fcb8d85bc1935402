package io.holdfast.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.quickstart.Service;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("R-M7")
class ScenarioSettingsTest {

  @ParameterizedTest
  @ValueSource(strings = {"withdrawals", "voucher", "flash-sale", "duplicate-callbacks", "mixed"})
  void eachScenarioNeedsNothingButItsName(String name) {
    var settings = ScenarioSettings.of(name);

    assertThat(settings.scenario().name()).isEqualTo(name);
    assertThat(settings.actors()).isEqualTo(100);
    assertThat(settings.running()).isFalse();
    assertThat(settings.data()).isNull();
    assertThat(ScenarioSettings.USAGE).contains(name, settings.scenario().about());
  }

  @Test
  void sizesAreTakenAsTheyAreSaid() {
    var settings =
        ScenarioSettings.of(
            "withdrawals",
            "--actors=250",
            "--seconds=2.5",
            "--seed=7",
            "--limit=30",
            "--json",
            "--data=here");

    assertThat(settings.actors()).isEqualTo(250);
    assertThat(settings.length()).isEqualTo(Duration.ofMillis(2_500));
    assertThat(settings.seed()).isEqualTo(7);
    assertThat(settings.limit()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.json()).isTrue();
    assertThat(settings.data()).isEqualTo(Path.of("here").toAbsolutePath());
  }

  @Test
  void aFlashSaleHasLessThanIsWanted() {
    assertThat(ScenarioSettings.of("flash-sale", "--orders=500").stock()).isEqualTo(400);
    assertThat(ScenarioSettings.of("flash-sale", "--orders=500", "--stock=7").stock()).isEqualTo(7);
  }

  @Test
  void optionsWithADotGoToTheServices() {
    var settings = ScenarioSettings.of("voucher", "--holdfast.messaging.max-batch=50");

    assertThat(settings.serviceArguments()).containsExactly("--holdfast.messaging.max-batch=50");
  }

  @Test
  void theRunningOneCanBeElsewhere() {
    var settings = ScenarioSettings.of("voucher", "--running", "--order-service.port=9000");

    assertThat(settings.running()).isTrue();
    assertThat(settings.ports()).containsOnlyKeys(Service.ORDER_SERVICE);
    assertThat(new Target(settings.ports(), null).url(Service.ORDER_SERVICE, "/orders"))
        .isEqualTo("http://127.0.0.1:9000/orders");
    assertThat(new Target(settings.ports(), null).url(Service.WALLET_SERVICE, ""))
        .isEqualTo("http://127.0.0.1:8082");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "flood                                         | no scenario 'flood', only withdrawals",
        "--actors=100                                  | say which scenario",
        "voucher actors=100                            | actors=100 is no option",
        "voucher --actors=99                           | --actors=99 is too few",
        "voucher --actors=many                         | --actors=many is not a positive number",
        "voucher --actors=                             | --actors needs a value",
        "voucher --actor=100                           | there is no option --actor;",
        "voucher --json=yes                            | --json takes no value",
        "voucher --seconds=5                           | --seconds is no option of voucher, which has --rounds",
        "flash-sale --rounds=5                         | --rounds is no option of flash-sale, which has --orders, --stock",
        "mixed --seconds=0                             | --seconds=0 is not a positive number",
        "mixed --running --data=x                      | --data is for servers that are started",
        "mixed --running --holdfast.x=1                | --holdfast.x is for services that are started",
        "mixed --order-service.port=9000               | --order-service.port is for --running",
        "mixed --running --wallet-service.port=soon    | --wallet-service.port=soon is not",
      })
  void whatCannotBeIsRefusedByName(String line, String sentence) {
    assertThatThrownBy(() -> ScenarioSettings.of(line.split(" ")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }
}
