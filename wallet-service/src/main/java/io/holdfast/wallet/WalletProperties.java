package io.holdfast.wallet;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the wallet service, prefix {@code holdfast.wallet}.
 *
 * @param quota metered services by name, such as {@code holdfast.wallet.quota.sms.allowance=100}
 * @param lowBalanceMinor a wallet that falls below it is told as low, in minor units of its
 *     currency
 * @param resend when the start of a withdrawal's saga is sent again that nobody has taken up
 * @param ledgerCheck how the ledger is checked on line
 * @param abnormalUse what is flagged as abnormal use
 */
@Validated
@ConfigurationProperties("holdfast.wallet")
record WalletProperties(
    @DefaultValue Map<String, @Valid Service> quota,
    @DefaultValue("1000") @Min(0) long lowBalanceMinor,
    @Valid @DefaultValue Resend resend,
    @Valid @DefaultValue LedgerCheckSettings ledgerCheck,
    @Valid @DefaultValue AbnormalUseSettings abnormalUse) {

  WalletProperties {
    quota = Map.copyOf(quota);
  }

  /**
   * A metered service.
   *
   * @param allowance free units of each wallet in each month; a change counts from the next month
   *     for wallets that have used it in this one
   * @param unitPriceMinor what a unit costs beyond that, in minor units of the currency
   * @param currency ISO 4217 code
   */
  record Service(
      @Min(0) @Max(1_000_000_000) long allowance,
      @Min(0) @Max(1_000_000_000) long unitPriceMinor,
      @NotNull @Pattern(regexp = "[A-Z]{3}") String currency) {}

  /**
   * @param firstAfter pause after the approval; doubles with every further one
   * @param longestPause where doubling ends
   * @param maxBatch most withdrawals in one transaction
   */
  record Resend(
      @DefaultValue("10s") Duration firstAfter,
      @DefaultValue("1m") Duration longestPause,
      @DefaultValue("200") @Min(1) @Max(1000) int maxBatch) {}

  /**
   * @param every shortest pause between two pages of the check on line
   * @param page how many wallets one statement checks
   * @param longest how long a check that somebody asked for may take
   */
  record LedgerCheckSettings(
      @DefaultValue("5s") Duration every,
      @DefaultValue("100") @Min(1) @Max(10_000) int page,
      @DefaultValue("20s") Duration longest) {}

  /**
   * @param payments more than so many within an hour are abnormal
   * @param amountMinor more than so much within an hour is abnormal, in minor units
   * @param longestCause how long before its payment an order or hold may have begun: with less,
   *     payments of such orders are not counted
   * @param every shortest pause between two pages of the check
   * @param page how many wallets one statement looks at; a round over all should take less than an
   *     hour, for what is abnormal to be told by then
   * @param timeLimit how long that statement may take; where wallets have paid so often that it
   *     takes longer, it looks at half as many
   */
  record AbnormalUseSettings(
      @DefaultValue("50") @Min(0) long payments,
      @DefaultValue("1000000") @Min(0) long amountMinor,
      @DefaultValue("8d") Duration longestCause,
      @DefaultValue("5s") Duration every,
      @DefaultValue("500") @Min(1) @Max(10_000) int page,
      @DefaultValue("5s") @DurationMin(millis = 1) Duration timeLimit) {}
}
