package io.holdfast.wallet;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.messaging.UuidV7;
import io.holdfast.testing.HoldfastTest;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

@HoldfastTest({
  "spring.config.name=wallet-service",
  "holdfast.wallet.abnormal-use.every=1h",
  "holdfast.wallet.abnormal-use.page=4",
  "holdfast.wallet.abnormal-use.time-limit=1s",
  "holdfast.wallet.ledger-check.every=1h"
})
@Tag("R-M3")
@ExtendWith(OutputCaptureExtension.class)
class AbnormalUseOfManyIT {

  /** Far more than a round over the wallets of this test takes. */
  private static final int MOST_PAGES = 30;

  @LocalServerPort private int port;
  @Autowired private JdbcClient jdbc;
  @Autowired private AbnormalUseCheck check;

  /**
   * The entries of a wallet that is named there take five seconds: longer than a page may, and less
   * than a statement.
   */
  @BeforeEach
  void slowWallets() {
    jdbc.sql("create table slow_wallet (wallet_id uuid primary key)").update();
    jdbc.sql(
            """
            create function is_read(entry_of uuid) returns boolean language plpgsql as $$
            begin
              perform pg_sleep(0.1) from slow_wallet where wallet_id = entry_of;
              return true;
            end $$
            """)
        .update();
    jdbc.sql("alter table wallet_entry rename to wallet_entry_itself").update();
    jdbc.sql(
            """
            create view wallet_entry as
            select * from wallet_entry_itself where is_read(wallet_id)
            """)
        .update();
  }

  @AfterEach
  void asItWas() {
    jdbc.sql("drop view wallet_entry").update();
    jdbc.sql("alter table wallet_entry_itself rename to wallet_entry").update();
    jdbc.sql("drop function is_read").update();
    jdbc.sql("drop table slow_wallet").update();
  }

  /** With more payments within an hour than are usual. */
  private UUID abnormalWallet(WalletHttp http) {
    var walletId = http.walletWith(100);
    for (int i = 0; i < 51; i++) {
      jdbc.sql(
              """
              insert into wallet_entry_itself (wallet_id, cause_id, operation, debit_account,
                credit_account, amount_minor)
              values (?, ?, 'CONFIRM', 'HELD', 'SPENT', 1)
              """)
          .params(walletId, UuidV7.next())
          .update();
    }
    return walletId;
  }

  @Test
  void walletThatCannotBeReadInTimeHoldsUpNoOther(CapturedOutput output) {
    var http = new WalletHttp(port);
    var wallets = new ArrayList<UUID>();
    for (int i = 0; i < 8; i++) {
      wallets.add(abnormalWallet(http));
    }
    wallets.sort(comparing(UUID::toString));
    var slow = wallets.get(3);
    jdbc.sql("insert into slow_wallet values (?)").param(slow).update();

    var began = roundBegan();
    for (int page = 0; page < MOST_PAGES && roundBegan().equals(began); page++) {
      check.checkPage();
    }

    assertThat(roundBegan()).isNotEqualTo(began);
    for (var walletId : wallets) {
      var flags = http.get("/abnormal-uses?walletId=" + walletId).ok().json().get("flags");
      assertThat(flags).hasSize(walletId.equals(slow) ? 0 : 1);
    }
    assertThat(output).contains("abnormal use of wallet " + slow + " cannot be told");
  }

  private String roundBegan() {
    return jdbc.sql("select began_at::text from abnormal_use_round").query(String.class).single();
  }
}
