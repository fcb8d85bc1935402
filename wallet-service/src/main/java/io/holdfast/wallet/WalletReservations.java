package io.holdfast.wallet;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.wallet.BalanceHeld;
import io.holdfast.contracts.wallet.HoldBalance;
import io.holdfast.participant.CancelOutcome;
import io.holdfast.participant.ConfirmOutcome;
import io.holdfast.participant.Reservations;
import io.holdfast.participant.TryOutcome;
import io.holdfast.wallet.BalanceHold.QuotaHold;
import io.holdfast.wallet.BalanceHold.VoucherHold;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The wallets, vouchers and quotas that one batch touches. Orders are admitted in their order
 * against what is left; one that is refused leaves what is left to those behind it. Free quota pays
 * first, then the voucher, then the wallet's money.
 */
final class WalletReservations implements Reservations<HoldBalance, BalanceHold> {

  private final WalletStores stores;
  private final LowBalanceNotice lowBalance;
  private final WalletMetrics metrics;
  private final Map<UUID, Wallet> locked;
  private final Map<UUID, Wallet> wallets;
  private final Vouchers vouchers;
  private final Quotas quotas;
  private final List<WalletEntry> entries = new ArrayList<>();
  private final List<Reason> refusals = new ArrayList<>();

  WalletReservations(
      WalletStores stores,
      LowBalanceNotice lowBalance,
      WalletMetrics metrics,
      Map<UUID, Wallet> wallets,
      Vouchers vouchers,
      Quotas quotas) {
    this.stores = stores;
    this.lowBalance = lowBalance;
    this.metrics = metrics;
    this.locked = wallets;
    this.wallets = new HashMap<>(wallets);
    this.vouchers = vouchers;
    this.quotas = quotas;
  }

  @Override
  public TryOutcome<BalanceHold> hold(SagaId saga, HoldBalance request) {
    long amount = request.amountMinor();
    if (amount < 1) {
      return refused(Code.INVALID_REQUEST, "an amount has at least one minor unit");
    }
    if (!meteredIsPartOf(amount, request.metered())) {
      return refused(Code.INVALID_REQUEST, "what is metered is a part of the amount");
    }
    var wallet = wallets.get(request.walletId());
    if (wallet != null && !wallet.currency().equals(request.currency())) {
      return refused(
          Code.CURRENCY_MISMATCH,
          "the wallet is in %s, not in %s".formatted(wallet.currency(), request.currency()));
    }
    var code = request.voucherCode();
    if (code != null) {
      var refusal = vouchers.refusal(code, amount, request.currency());
      if (refusal != null) {
        return refused(refusal);
      }
    }
    var quota = new ArrayList<QuotaHold>();
    long quotaMinor = freeQuota(request, quota);
    long voucherMinor = code == null ? 0 : vouchers.covers(code, amount - quotaMinor);
    long wanted = amount - quotaMinor - voucherMinor;
    long available = wallet == null ? 0 : wallet.availableMinor();
    if (available < wanted && !request.partial()) {
      return refused(Code.INSUFFICIENT_BALANCE, "insufficient balance");
    }
    long money = Math.min(available, wanted);
    var hold =
        new BalanceHold(
            request.walletId(),
            money,
            code == null || voucherMinor == 0 ? null : new VoucherHold(code, voucherMinor),
            quota);
    reserve(saga, hold);
    return new TryOutcome.Held<>(
        hold, new BalanceHeld(quotaMinor + voucherMinor + money, quotaMinor, voucherMinor));
  }

  /** Amounts that overflow are no part of anything. */
  private static boolean meteredIsPartOf(long amount, List<HoldBalance.Metered> metered) {
    long rest = amount;
    for (var part : metered) {
      if (part.units() < 1
          || part.unitPriceMinor() < 0
          || part.unitPriceMinor() > rest / part.units()) {
        return false;
      }
      rest -= part.units() * part.unitPriceMinor();
    }
    return true;
  }

  /** What is free of the metered units, and what they would have cost. */
  private long freeQuota(HoldBalance request, List<QuotaHold> quota) {
    var units = new HashMap<String, Long>();
    long minor = 0;
    for (var part : request.metered()) {
      long taken = units.getOrDefault(part.service(), 0L);
      long free = quotas.free(request.walletId(), part.service()) - taken;
      long used = Math.min(free, part.units());
      if (used > 0 && part.unitPriceMinor() > 0) {
        units.put(part.service(), taken + used);
        minor += used * part.unitPriceMinor();
      }
    }
    units.forEach((service, used) -> quota.add(new QuotaHold(service, quotas.month(), used)));
    return minor;
  }

  private void reserve(SagaId saga, BalanceHold hold) {
    move(saga, hold, WalletEntry.Operation.HOLD);
    moveVoucher(saga, hold, WalletEntry.Operation.VOUCHER_HOLD, VoucherUse.State.RESERVED);
    moveQuota(saga, hold, QuotaEntry.Operation.HOLD);
  }

  @Override
  public ConfirmOutcome confirm(SagaId saga, BalanceHold hold) {
    move(saga, hold, WalletEntry.Operation.CONFIRM);
    moveVoucher(saga, hold, WalletEntry.Operation.VOUCHER_CONFIRM, VoucherUse.State.REDEEMED);
    moveQuota(saga, hold, QuotaEntry.Operation.CONFIRM);
    return new ConfirmOutcome.Confirmed();
  }

  @Override
  public CancelOutcome cancel(SagaId saga, BalanceHold hold) {
    move(saga, hold, WalletEntry.Operation.CANCEL);
    moveVoucher(saga, hold, WalletEntry.Operation.VOUCHER_CANCEL, VoucherUse.State.RELEASED);
    moveQuota(saga, hold, QuotaEntry.Operation.CANCEL);
    return new CancelOutcome.Cancelled();
  }

  @Override
  public void save() {
    stores.wallets().save(entries);
    vouchers.save(stores.vouchers());
    quotas.save(stores.quotas(), metrics);
    lowBalance.tell(falls());
    count();
  }

  private List<LowBalanceNotice.Fall> falls() {
    var falls = new ArrayList<LowBalanceNotice.Fall>();
    locked.forEach(
        (id, before) -> {
          var after = wallets.get(id);
          if (after != null && lowBalance.isFall(before, after)) {
            falls.add(new LowBalanceNotice.Fall(lastHoldOf(id), after));
          }
        });
    return falls;
  }

  private UUID lastHoldOf(UUID walletId) {
    return entries.reversed().stream()
        .filter(entry -> entry.walletId().equals(walletId))
        .filter(entry -> entry.operation() == WalletEntry.Operation.HOLD)
        .findFirst()
        .orElseThrow()
        .causeId();
  }

  private void count() {
    for (var refusal : refusals) {
      if (refusal.code().equals(Code.INSUFFICIENT_BALANCE.name())) {
        metrics.insufficientBalance();
      } else if (refusal.code().startsWith("VOUCHER_")) {
        metrics.voucherRefused(refusal.code());
        if (refusal.code().equals(Code.VOUCHER_USED_UP.name())) {
          metrics.racePrevented("voucher");
        }
      }
    }
  }

  /** A hold of nothing moves nothing: its wallet may not even exist. */
  private void move(SagaId saga, BalanceHold hold, WalletEntry.Operation operation) {
    if (hold.amountMinor() == 0) {
      return;
    }
    var entry = new WalletEntry(saga.value(), operation, hold.walletId(), hold.amountMinor());
    entries.add(entry);
    wallets.computeIfPresent(hold.walletId(), (_, wallet) -> wallet.plus(entry));
  }

  private void moveVoucher(
      SagaId saga, BalanceHold hold, WalletEntry.Operation operation, VoucherUse.State state) {
    var voucher = hold.voucher();
    if (voucher != null) {
      entries.add(new WalletEntry(saga.value(), operation, hold.walletId(), voucher.amountMinor()));
      vouchers.move(
          new VoucherUse(
              saga.value(), voucher.code(), hold.walletId(), voucher.amountMinor(), state));
    }
  }

  private void moveQuota(SagaId saga, BalanceHold hold, QuotaEntry.Operation operation) {
    for (var used : hold.quota()) {
      var key = new Quota.Key(hold.walletId(), used.service(), used.month());
      quotas.move(new QuotaEntry(key, saga.value(), operation, used.units()));
    }
  }

  private TryOutcome<BalanceHold> refused(Code code, String detail) {
    return refused(Reason.of(code, detail));
  }

  private TryOutcome<BalanceHold> refused(Reason reason) {
    refusals.add(reason);
    return new TryOutcome.Refused<>(reason);
  }
}
