package io.holdfast.wallet;

import io.holdfast.contracts.Code;
import io.holdfast.web.Problem;
import java.util.UUID;

/** Problems that several of this service's requests can meet. */
final class WalletProblem {

  private WalletProblem() {}

  /**
   * @param field by which the first request is known
   */
  static Problem reused(String field) {
    return Problem.ofField(Code.IDEMPOTENCY_KEY_REUSED, field, field);
  }

  /**
   * @param currency that was asked for
   */
  static Problem otherCurrency(String currency) {
    return Problem.of(Code.CURRENCY_MISMATCH, currency);
  }

  static Problem insufficient(UUID walletId) {
    return Problem.of(Code.INSUFFICIENT_BALANCE, walletId);
  }
}
