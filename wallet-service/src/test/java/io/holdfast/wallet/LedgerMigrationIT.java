package io.holdfast.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testing.TestServers;
import java.sql.DriverManager;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A data folder of before the ledger. */
@Tag("R-W8")
class LedgerMigrationIT {

  private static final UUID WALLET = new UUID(0x7000, 1L << 63);

  @Test
  void movementsOfBeforeBecomeEntriesThatSayTheSame() throws Exception {
    String url = TestServers.freshDatabase();
    migrate(url, "1");
    try (var connection = DriverManager.getConnection(url, "wallet", TestServers.PASSWORD)) {
      var jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
      jdbc.sql("insert into wallet values (?, 'EUR', 600, 100, 300, 1000)").param(WALLET).update();
      insert(jdbc, 1, "CREDIT", 1_000, 0, 0, 1_000);
      insert(jdbc, 2, "HOLD", -300, 300, 0, 0);
      insert(jdbc, 2, "CONFIRM", 0, -300, 300, 0);
      insert(jdbc, 3, "HOLD", -50, 50, 0, 0);
      insert(jdbc, 3, "CANCEL", 50, -50, 0, 0);
      insert(jdbc, 4, "HOLD", -100, 100, 0, 0);

      migrate(url, "latest");

      var reader = new LedgerReader(jdbc);
      var compared = reader.compare(null, 10);
      assertThat(compared).hasSize(1).allMatch(LedgerReader.Compared::isSame);
      assertThat(compared.getFirst().entries()).isEqualTo(6);
      assertThat(compared.getFirst().stored())
          .isEqualTo(new Wallet(WALLET, "EUR", 600, 100, 300, 0, 1_000, 0));
    }
  }

  private static void migrate(String url, String target) {
    Flyway.configure()
        .dataSource(url, "wallet", TestServers.PASSWORD)
        .locations("classpath:db/messaging", "classpath:db/participant", "classpath:db/wallet")
        .outOfOrder(true)
        .target(target)
        .load()
        .migrate();
  }

  private static void insert(
      JdbcClient jdbc, long cause, String operation, long a, long h, long s, long c) {
    jdbc.sql("insert into wallet_entry values (?, ?, ?, ?, ?, ?, ?)")
        .params(new UUID(0x7000, cause), operation, WALLET, a, h, s, c)
        .update();
  }
}
