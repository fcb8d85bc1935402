package io.holdfast.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.quickstart.Platform;
import io.holdfast.quickstart.PlatformSettings;
import io.holdfast.quickstart.Service;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Small runs against the real services: nothing is broken, and what is broken is seen. */
@Tag("R-M7")
@TestInstance(Lifecycle.PER_CLASS)
class ScenarioIT {

  private Platform platform;
  private JdbcClient jdbc;

  @BeforeAll
  void start(@TempDir Path data) {
    platform = Platform.start(PlatformSettings.onFreePorts(data, List.of()), _ -> {});
    jdbc =
        JdbcClient.create(
            new DriverManagerDataSource(
                platform.databaseUrl(),
                platform.postgres().superuser(),
                platform.postgres().superuserPassword()));
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  @Test
  @Tag("R-W3")
  void manyWithdrawalsAreEachPaidOnceOrComeBack() throws InterruptedException {
    var verdict = run("withdrawals", "--seconds=3");

    assertThat(verdict.isGood()).as(verdict.table()).isTrue();
    assertThat(verdict.ends())
        .containsKeys("withdrawals PAID", "withdrawals REJECTED", "withdrawals REFUSED");
  }

  @Test
  @Tag("R-W9")
  void aVoucherIsUsedByAsManyAsMayUseIt() throws InterruptedException {
    var verdict = run("voucher", "--rounds=1");

    assertThat(verdict.isGood()).as(verdict.table()).isTrue();
    assertThat(verdict.ends())
        .containsEntry("orders CONFIRMED", 11L)
        .containsEntry("orders REJECTED VOUCHER_USED_UP", 189L);
  }

  private Verdict run(String... arguments) throws InterruptedException {
    return new ScenarioRun(new Target(ports(), jdbc), ScenarioSettings.of(arguments), _ -> {})
        .run();
  }

  private Map<Service, Integer> ports() {
    return Stream.of(Service.values())
        .collect(Collectors.toMap(service -> service, platform.settings()::port));
  }
}
