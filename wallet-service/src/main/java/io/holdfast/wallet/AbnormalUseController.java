package io.holdfast.wallet;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** HTTP API of wallets that were flagged for abnormal use. */
@RestController
@RequestMapping("/abnormal-uses")
class AbnormalUseController {

  private final AbnormalUseStore store;

  AbnormalUseController(AbnormalUseStore store) {
    this.store = store;
  }

  /**
   * A flag.
   *
   * @param hour the hour of the clock, by its beginning, with a payment that was one too many
   * @param payments how many there were in the sixty minutes up to the first such payment
   * @param amountMinor what they came to, in minor units of the currency
   */
  record Flagged(
      UUID id,
      UUID walletId,
      Instant hour,
      long payments,
      long amountMinor,
      String currency,
      Instant flaggedAt) {}

  /**
   * @param flags the newest first
   * @param next pass it as {@code after} to get what follows; null at the end
   */
  record Page(List<Flagged> flags, @Nullable UUID next) {}

  @GetMapping
  Page list(
      @RequestParam(required = false) @Nullable UUID walletId,
      @RequestParam(required = false) @Nullable UUID after,
      @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
    var flags =
        store.list(walletId, after, limit).stream()
            .map(
                flag ->
                    new Flagged(
                        flag.id(),
                        flag.use().walletId(),
                        flag.use().hour(),
                        flag.use().payments(),
                        flag.use().amountMinor(),
                        flag.use().currency(),
                        flag.flaggedAt()))
            .toList();
    return new Page(flags, flags.size() < limit ? null : flags.getLast().id());
  }
}
