package io.holdfast.wallet;

import java.util.UUID;

/**
 * One movement of free units.
 *
 * @param causeId the saga or the charge
 * @param units how many, at least 1
 */
record QuotaEntry(Quota.Key key, UUID causeId, Operation operation, long units) {

  /** What moves units. */
  enum Operation {
    HOLD,
    CONFIRM,
    CANCEL,
    CHARGE
  }
}
