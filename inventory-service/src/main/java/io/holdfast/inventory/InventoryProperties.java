package io.holdfast.inventory;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the inventory service, prefix {@code holdfast.inventory}.
 *
 * @param check how stock is compared with its entries
 * @param fulfilment how the warehouse is asked
 * @param warehouse how the simulated warehouse behaves
 */
@Validated
@ConfigurationProperties("holdfast.inventory")
record InventoryProperties(
    @Valid @DefaultValue Check check,
    @Valid @DefaultValue Fulfilment fulfilment,
    @Valid @DefaultValue WarehouseSettings warehouse) {

  /**
   * @param every pause between two checks that run by themselves
   * @param goods most goods in one of them
   * @param timeLimit what one of them may take of the database; far less than {@code every}
   * @param longest limit for a check that somebody asks for
   */
  record Check(
      @DefaultValue("1m") @DurationMin(millis = 100) Duration every,
      @DefaultValue("100") @Min(1) @Max(10_000) int goods,
      @DefaultValue("2s") @DurationMin(millis = 1) Duration timeLimit,
      @DefaultValue("30s") @DurationMin(millis = 1) Duration longest) {}

  /**
   * @param lease how long a worker has a shipment for itself; longer than a call can take
   * @param parallelCalls most calls to the warehouse at the same time
   * @param firstRetryAfter pause after an unknown outcome; it doubles with each further one
   * @param lastRetryAfter the longest such pause
   */
  record Fulfilment(
      @DefaultValue("30s") @DurationMin(seconds = 11) Duration lease,
      @DefaultValue("16") @Min(1) @Max(1_000) int parallelCalls,
      @DefaultValue("100ms") @DurationMin(millis = 1) Duration firstRetryAfter,
      @DefaultValue("30s") @DurationMin(millis = 1) Duration lastRetryAfter) {}
}
