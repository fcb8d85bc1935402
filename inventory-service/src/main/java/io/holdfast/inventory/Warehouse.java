package io.holdfast.inventory;

import java.util.SortedMap;
import java.util.UUID;

/**
 * Whoever moves goods: an outside world that can be slow, fail, or do as asked and not be heard.
 * Each request can be repeated: what was done for a job is done once, and answered the same way.
 */
interface Warehouse {

  /**
   * Takes goods off the shelves; does nothing if the job was put back before.
   *
   * @param job name of the request and its repetitions
   * @param quantities pieces by SKU
   */
  WarehouseAnswer pick(UUID job, SortedMap<String, Long> quantities);

  /** Puts back what was picked for the job, if anything was, and picks nothing for it any more. */
  WarehouseAnswer putBack(UUID job);

  /** Hands what was picked for the job to the carrier. */
  WarehouseAnswer ship(UUID job);
}
