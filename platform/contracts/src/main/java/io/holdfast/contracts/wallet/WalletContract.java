package io.holdfast.contracts.wallet;

import io.holdfast.contracts.ParticipantContract;
import java.time.Duration;

/** The wallet service's participants and events. */
public final class WalletContract {

  /** Written by the wallet service: what happened to wallets. */
  public static final String EVENTS_TOPIC = "wallet.events";

  /** Body: {@link LowBalance}. The envelope's saga id is that of whatever made it low. */
  public static final String LOW_BALANCE_TYPE = "io.holdfast.wallet.low-balance.v1";

  /** Body: {@link AbnormalUse}. The envelope's saga id is the flag's own id. */
  public static final String ABNORMAL_USE_TYPE = "io.holdfast.wallet.abnormal-use.v1";

  private static final String COMMANDS = "wallet.commands";
  private static final String REPLIES = "wallet.replies";

  /** Sets money aside, together with free quota and a voucher, spends it, gives it back. */
  public static final ParticipantContract<HoldBalance> WALLET =
      new ParticipantContract<>(
          "wallet",
          COMMANDS,
          REPLIES,
          "io.holdfast.wallet.hold-balance.v1",
          "io.holdfast.wallet.confirm-balance.v1",
          "io.holdfast.wallet.cancel-balance.v1",
          HoldBalance.class,
          Duration.ofMinutes(10));

  /** Keeps an approved withdrawal's money until it is paid out or given back. */
  public static final ParticipantContract<HoldWithdrawal> WITHDRAWAL =
      new ParticipantContract<>(
          "withdrawal",
          COMMANDS,
          REPLIES,
          "io.holdfast.wallet.hold-withdrawal.v1",
          "io.holdfast.wallet.confirm-withdrawal.v1",
          "io.holdfast.wallet.cancel-withdrawal.v1",
          HoldWithdrawal.class,
          Duration.ofMinutes(10));

  /** Pays money back into a wallet, once for each reference. */
  public static final ParticipantContract<RefundToWallet> WALLET_REFUND =
      new ParticipantContract<>(
          "wallet-refund",
          COMMANDS,
          REPLIES,
          "io.holdfast.wallet.prepare-refund.v1",
          "io.holdfast.wallet.confirm-refund.v1",
          "io.holdfast.wallet.cancel-refund.v1",
          RefundToWallet.class,
          Duration.ofMinutes(10));

  private WalletContract() {}
}
