package io.holdfast.contracts.wallet;

import io.holdfast.contracts.ParticipantContract;
import java.time.Duration;

/** The wallet service as a participant. */
public final class WalletContract {

  public static final ParticipantContract<HoldBalance> WALLET =
      new ParticipantContract<>(
          "wallet",
          "wallet.commands",
          "wallet.replies",
          "io.holdfast.wallet.hold-balance.v1",
          "io.holdfast.wallet.confirm-balance.v1",
          "io.holdfast.wallet.cancel-balance.v1",
          HoldBalance.class,
          Duration.ofMinutes(10));

  private WalletContract() {}
}
