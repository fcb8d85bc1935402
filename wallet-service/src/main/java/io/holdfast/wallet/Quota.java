package io.holdfast.wallet;

import java.time.LocalDate;
import java.util.UUID;

/**
 * Free units of one wallet, service and month.
 *
 * @param allowance how many there were
 * @param held set aside by sagas that have not ended
 * @param used used up
 */
record Quota(Key key, long allowance, long held, long used) {

  /**
   * @param month its first day
   */
  record Key(UUID walletId, String service, LocalDate month) {}

  long free() {
    return allowance - held - used;
  }

  Quota plus(QuotaEntry entry) {
    long units = entry.units();
    return switch (entry.operation()) {
      case HOLD -> new Quota(key, allowance, held + units, used);
      case CONFIRM -> new Quota(key, allowance, held - units, used + units);
      case CANCEL -> new Quota(key, allowance, held - units, used);
      case CHARGE -> new Quota(key, allowance, held, used + units);
    };
  }
}
