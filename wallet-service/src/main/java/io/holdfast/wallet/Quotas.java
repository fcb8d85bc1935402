package io.holdfast.wallet;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The free quotas that one transaction touches: later uses see what earlier ones left. */
final class Quotas {

  private final LocalDate month;
  private final Map<Quota.Key, Quota> quotas;
  private final Map<Quota.Key, Quota> changed = new LinkedHashMap<>();
  private final List<QuotaEntry> entries = new ArrayList<>();

  Quotas(QuotaStore.Locked locked) {
    this.month = locked.month();
    this.quotas = new HashMap<>(locked.quotas());
  }

  LocalDate month() {
    return month;
  }

  /** How many free units are left this month. */
  long free(UUID walletId, String service) {
    var quota = quotas.get(new Quota.Key(walletId, service, month));
    return quota == null ? 0 : quota.free();
  }

  void move(QuotaEntry entry) {
    var quota = quotas.get(entry.key());
    if (quota == null) {
      throw new IllegalStateException("a quota that is not locked: " + entry.key());
    }
    var moved = quota.plus(entry);
    quotas.put(moved.key(), moved);
    changed.put(moved.key(), moved);
    entries.add(entry);
  }

  void save(QuotaStore store, WalletMetrics metrics) {
    store.save(List.copyOf(changed.values()), entries);
    for (var entry : entries) {
      if (entry.operation() == QuotaEntry.Operation.HOLD
          || entry.operation() == QuotaEntry.Operation.CHARGE) {
        var quota = changed.get(entry.key());
        if (quota != null) {
          metrics.quotaChanged(quota.allowance(), quota.free() + entry.units(), quota.free());
        }
      }
    }
  }
}
