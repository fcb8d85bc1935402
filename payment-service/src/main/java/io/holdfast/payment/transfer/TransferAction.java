package io.holdfast.payment.transfer;

import java.util.Locale;

/** What can be asked of the provider about a transfer. */
enum TransferAction {
  SEND,
  /** What became of it? */
  QUERY,
  NOTHING;

  /** As it is written in metrics. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
