package io.holdfast.wallet;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The vouchers that one batch touches: later orders see what earlier ones left. */
final class Vouchers {

  private final Map<String, Voucher> locked;
  private final Map<String, Voucher> vouchers;
  private final Map<UUID, VoucherUse> uses = new LinkedHashMap<>();

  Vouchers(Map<String, Voucher> locked) {
    this.locked = locked;
    this.vouchers = new HashMap<>(locked);
  }

  /** Why an order of {@code amountMinor} can't use this voucher; null if it can. */
  @Nullable Reason refusal(String code, long amountMinor, String currency) {
    var voucher = vouchers.get(code);
    return voucher == null
        ? Reason.of(Code.VOUCHER_UNKNOWN, "there is no voucher " + code)
        : voucher.refusal(amountMinor, currency);
  }

  /** How much of {@code restMinor} a use covers. */
  long covers(String code, long restMinor) {
    return Math.min(voucher(code).amountMinor(), restMinor);
  }

  void move(VoucherUse use) {
    var voucher = voucher(use.code());
    var moved =
        switch (use.state()) {
          case RESERVED -> voucher.plus(1, 0);
          case REDEEMED -> voucher.plus(-1, 1);
          case RELEASED -> voucher.plus(-1, 0);
        };
    vouchers.put(moved.code(), moved);
    uses.put(use.causeId(), use);
  }

  private Voucher voucher(String code) {
    var voucher = vouchers.get(code);
    if (voucher == null) {
      throw new IllegalStateException("a voucher that is not locked: " + code);
    }
    return voucher;
  }

  void save(VoucherStore store) {
    var changes = new ArrayList<VoucherStore.Change>();
    locked.forEach(
        (code, before) -> {
          var now = voucher(code);
          var change =
              new VoucherStore.Change(
                  code, now.reserved() - before.reserved(), now.redeemed() - before.redeemed());
          if (!change.isNothing()) {
            changes.add(change);
          }
        });
    store.save(changes, List.copyOf(uses.values()));
  }
}
