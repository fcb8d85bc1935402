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
 */
@Validated
@ConfigurationProperties("holdfast.inventory")
record InventoryProperties(@Valid @DefaultValue Check check) {

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
}
