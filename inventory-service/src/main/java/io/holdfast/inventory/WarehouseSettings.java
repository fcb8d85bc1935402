package io.holdfast.inventory;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the simulated warehouse behaves; shares are from 0 to 1.
 *
 * @param delay how long it takes for a request
 * @param damagedShare of jobs whose goods turn out broken, so that they can never be picked
 * @param failureShare of calls that fail for the moment
 * @param lostAnswerShare of calls that are done and not answered
 * @param seed makes all that repeatable; null for a new one with each start
 */
record WarehouseSettings(
    @DefaultValue("200ms") @NotNull @DurationMin @DurationMax(seconds = 10) Duration delay,
    @DefaultValue("0") @DecimalMin("0") @DecimalMax("1") double damagedShare,
    @DefaultValue("0") @DecimalMin("0") @DecimalMax("1") double failureShare,
    @DefaultValue("0") @DecimalMin("0") @DecimalMax("1") double lostAnswerShare,
    @Nullable Long seed) {}
