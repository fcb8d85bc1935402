package io.holdfast.wallet;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** HTTP API of the ledger's checks. */
@RestController
@RequestMapping("/ledger/checks")
class LedgerController {

  private final LedgerCheck check;

  LedgerController(LedgerCheck check) {
    this.check = check;
  }

  /**
   * Rebuilds every balance from its entries and compares. What does not add up is in the answer,
   * and counted.
   *
   * @param after what an answer that was not complete said as next
   */
  @PostMapping
  LedgerCheck.Result check(@RequestParam(required = false) @Nullable UUID after) {
    return check.check(after);
  }
}
