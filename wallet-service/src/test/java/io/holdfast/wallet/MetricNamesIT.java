package io.holdfast.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testing.HoldfastTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The names that alerts and dashboards read, there from the start. */
@HoldfastTest("spring.config.name=wallet-service")
@Tag("R-M4")
class MetricNamesIT {

  @LocalServerPort private int port;

  @Test
  void countersAreNamedForWhatHappenedAndThereBeforeItDoes() {
    var http = new WalletHttp(port);

    String metrics = http.get("/actuator/prometheus").body();

    assertThat(metrics)
        .contains(
            "\nwallet_insufficient_balance_total",
            "\nwallet_race_prevented_total{what=\"batch\"",
            "\nwallet_race_prevented_total{what=\"hold\"",
            "\nwallet_race_prevented_total{what=\"voucher\"",
            "\nwallet_conservation_check_failures_total",
            "\nwallet_low_balance_total",
            "\nwallet_quota_low_total",
            "\nwallet_abnormal_use_total",
            "\nwallet_lock_wait_seconds_count",
            "\nhikaricp_connections_acquire_seconds_count");
  }

  @Test
  void whatNobodyShouldSpendIsCounted() {
    var http = new WalletHttp(port);
    double before = count(http, "wallet_insufficient_balance_total");

    http.withdraw(http.walletWith(1), io.holdfast.messaging.UuidV7.next(), 2);

    assertThat(count(http, "wallet_insufficient_balance_total")).isEqualTo(before + 1);
  }

  private static double count(WalletHttp http, String name) {
    return http.get("/actuator/prometheus")
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .mapToDouble(Double::parseDouble)
        .sum();
  }
}
