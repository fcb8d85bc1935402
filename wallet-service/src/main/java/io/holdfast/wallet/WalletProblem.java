package io.holdfast.wallet;

import io.holdfast.web.Problem;
import org.springframework.http.HttpStatus;

/** Problems that several of this service's requests can meet. */
final class WalletProblem {

  private WalletProblem() {}

  static Problem reused(String what) {
    return Problem.of(
        HttpStatus.UNPROCESSABLE_CONTENT,
        "IDEMPOTENCY_KEY_REUSED",
        what + ": take a new one for another request");
  }

  static Problem otherCurrency(String currency) {
    return Problem.of(
        HttpStatus.CONFLICT,
        "CURRENCY_MISMATCH",
        "the wallet is in another currency than " + currency);
  }

  static Problem insufficient() {
    return Problem.of(HttpStatus.CONFLICT, "INSUFFICIENT_BALANCE", "insufficient balance");
  }
}
