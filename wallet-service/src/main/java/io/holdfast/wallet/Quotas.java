package io.holdfast.wallet;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** The free quotas that one transaction touches: later uses see what earlier ones left. */
final class Quotas {

  private final LocalDate month;
  private final Map<Quota.Key, Quota> locked;
  private final Map<Quota.Key, Quota> quotas;
  private final List<QuotaEntry> entries = new ArrayList<>();

  Quotas(QuotaStore.Locked locked) {
    this.month = locked.month();
    this.locked = locked.quotas();
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
    entries.add(entry);
  }

  void save(QuotaStore store, WalletMetrics metrics) {
    var changes = new ArrayList<QuotaStore.Change>();
    locked.forEach(
        (key, before) -> {
          var now = Objects.requireNonNull(quotas.get(key));
          var change =
              new QuotaStore.Change(key, now.held() - before.held(), now.used() - before.used());
          if (!change.isNothing()) {
            changes.add(change);
            metrics.quotaChanged(now.allowance(), before.free(), now.free());
          }
        });
    store.save(changes, entries);
  }
}
