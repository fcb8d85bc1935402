package io.holdfast.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.quickstart.Platform;
import io.holdfast.quickstart.PlatformSettings;
import io.holdfast.quickstart.Service;
import java.nio.file.Path;
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
    platform =
        Platform.start(PlatformSettings.onFreePorts(data, new Mixed().serviceArguments()), _ -> {});
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
    assertThat(verdict.ends()).containsKeys("withdrawals PAID", "withdrawals REJECTED");
    assertLooked(
        verdict,
        "each withdrawal is paid out once",
        "what reviewers were told",
        "whenever somebody looked",
        "every answer was one");
  }

  @Test
  @Tag("R-W9")
  void aVoucherIsUsedByAsManyAsMayUseIt() throws InterruptedException {
    var verdict = run("voucher", "--rounds=1");

    assertThat(verdict.isGood()).as(verdict.table()).isTrue();
    assertThat(verdict.ends())
        .containsEntry("orders CONFIRMED", 11L)
        .containsEntry("orders REJECTED VOUCHER_USED_UP", 189L);
    assertLooked(
        verdict,
        "each voucher is used as often as its confirmed orders say",
        "whoever came too late was refused for that",
        "every answer was one");
  }

  @Test
  @Tag("R-I5")
  void aGoodThatAllWantIsSoldAsOftenAsItIsThere() throws InterruptedException {
    var verdict = run("flash-sale", "--orders=300");

    assertThat(verdict.isGood()).as(verdict.table()).isTrue();
    assertThat(verdict.ends())
        .containsKeys("orders CONFIRMED", "orders REJECTED INSUFFICIENT_STOCK");
    assertLooked(
        verdict,
        "each good has what was delivered",
        "nobody was refused as long as there was enough",
        "each confirmed order is paid in full");
  }

  @Test
  @Tag("R-P1")
  @Tag("R-P6")
  void notificationsThatAreRepeatedWrongOrForgedChangeNothing() throws InterruptedException {
    var verdict = run("duplicate-callbacks", "--rounds=1");

    assertThat(verdict.isGood()).as(verdict.table()).isTrue();
    assertThat(verdict.counts())
        .hasEntrySatisfying("notifications taken", ScenarioIT::isPositive)
        .hasEntrySatisfying("notifications repeated", ScenarioIT::isPositive)
        .hasEntrySatisfying(
            "notifications refused: signature forged or too old", ScenarioIT::isPositive);
    assertLooked(
        verdict,
        "no forged notification is accepted",
        "each payment is taken once at the provider",
        "each top-up that succeeded was taken from the card once");
  }

  private static void isPositive(long count) {
    assertThat(count).isPositive();
  }

  @Test
  void everythingAtOnceLeavesBooksThatAgree() throws InterruptedException {
    var verdict = run("mixed", "--seconds=8");

    assertThat(verdict.isGood()).as(verdict.table()).isTrue();
    // A day as short as this may leave so much in the wallets that no card has to pay.
    assertThat(verdict.checked())
        .as(verdict.table())
        .filteredOn(check -> !check.invariant().holds().startsWith("each payment is taken once"))
        .allMatch(check -> check.finding().looked() > 0);
  }

  /** An invariant that was looked at nothing holds of nothing. */
  private static void assertLooked(Verdict verdict, String... invariants) {
    for (var invariant : invariants) {
      assertThat(verdict.checked())
          .as(verdict.table())
          .filteredOn(check -> check.invariant().holds().startsWith(invariant))
          .singleElement()
          .satisfies(check -> assertThat(check.finding().looked()).isPositive());
    }
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
