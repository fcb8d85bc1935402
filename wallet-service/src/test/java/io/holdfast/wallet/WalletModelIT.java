package io.holdfast.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.wallet.HoldBalance;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.participant.testing.ParticipantModelTest;
import io.holdfast.testing.HoldfastTest;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@HoldfastTest("spring.config.name=wallet-service")
@Tag("R-W1")
class WalletModelIT extends ParticipantModelTest<HoldBalance> {

  @Autowired private WalletStore store;
  @Autowired private JdbcClient jdbc;

  @Override
  protected ParticipantContract<HoldBalance> contract() {
    return WalletContract.WALLET;
  }

  @Override
  protected void supply(String resource, long units) {
    store.credit(walletId(resource), UUID.randomUUID().toString(), units, "EUR");
  }

  @Override
  protected HoldBalance request(Demand demand) {
    var wanted = demand.units().entrySet().iterator().next();
    return new HoldBalance(walletId(wanted.getKey()), wanted.getValue(), "EUR", demand.partial());
  }

  @Override
  protected Units observe(String resource) {
    var wallet = store.find(walletId(resource)).orElseThrow();
    return new Units(wallet.availableMinor(), wallet.heldMinor(), wallet.spentMinor());
  }

  @Override
  protected int resourcesPerTry() {
    return 1;
  }

  @Override
  protected boolean allowsPartial() {
    return true;
  }

  private static UUID walletId(String resource) {
    return UUID.nameUUIDFromBytes(resource.getBytes(StandardCharsets.UTF_8));
  }

  private static final String DIFFERING_WALLETS =
      """
      select count(*)
      from wallet w
      join wallet_rebuilt r using (wallet_id)
      where (w.available_minor, w.held_minor, w.spent_minor, w.credited_minor)
        is distinct from (r.available_minor, r.held_minor, r.spent_minor, r.credited_minor)
      """;

  private static final String HELD_DIFFERENCE =
      """
      select (select coalesce(sum(held_minor), 0) from wallet)
        - (select coalesce(sum(amount_minor), 0) from wallet_hold where state = 'HELD')
        - (select coalesce(sum(amount_minor), 0)
           from withdrawal where state in ('REQUESTED', 'APPROVED', 'PAYING'))
        - (select coalesce(sum((hold->>'amountMinor')::bigint), 0)
           from participant_fence where step = 'wallet' and state = 'TRIED')
      """;

  @Override
  protected void checkJournal() {
    assertThat(jdbc.sql(DIFFERING_WALLETS).query(Long.class).single()).isZero();
    assertThat(jdbc.sql(HELD_DIFFERENCE).query(Long.class).single()).isZero();
  }
}
