package io.holdfast.wallet;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.wallet.HoldBalance;
import io.holdfast.contracts.wallet.WalletContract;
import io.holdfast.messaging.UuidV7;
import io.holdfast.participant.testing.ParticipantContractTest;
import io.holdfast.testing.HoldfastTest;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.springframework.beans.factory.annotation.Autowired;

@HoldfastTest("spring.config.name=wallet-service")
@Tag("R-W5")
class WalletParticipantIT extends ParticipantContractTest<HoldBalance> {

  @Autowired private WalletStore store;

  @Override
  protected ParticipantContract<HoldBalance> contract() {
    return WalletContract.WALLET;
  }

  @Override
  protected Resource<HoldBalance> resource(long units) {
    var balance = new Balance(UuidV7.next());
    balance.supply(units);
    return balance;
  }

  @Override
  protected int domainStatementsPerBatch() {
    return 3;
  }

  private final class Balance implements Resource<HoldBalance> {

    private final UUID walletId;

    Balance(UUID walletId) {
      this.walletId = walletId;
    }

    @Override
    public HoldBalance request(long units) {
      return new HoldBalance(walletId, units, "EUR", false);
    }

    @Override
    public void supply(long units) {
      store.credit(walletId, UUID.randomUUID().toString(), units, "EUR");
    }

    @Override
    public long held() {
      return store.find(walletId).orElseThrow().heldMinor();
    }

    @Override
    public long taken() {
      return store.find(walletId).orElseThrow().spentMinor();
    }
  }
}
