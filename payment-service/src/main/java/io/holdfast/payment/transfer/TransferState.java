package io.holdfast.payment.transfer;

/** What we know of a transfer at the provider. It only moves forward. */
public enum TransferState {
  /** Set aside by a saga that has not decided yet: the provider is not asked. */
  PREPARED,
  /** To be done; nothing is known to have reached the provider. */
  CREATED,
  /** A request may have been sent; only the provider knows its outcome. */
  SENDING,
  /** The provider has it and is at work. */
  PENDING,
  /** The money has moved. */
  SUCCEEDED,
  /** The provider said no: no money has moved, and none will. */
  FAILED,
  /** Its saga was cancelled before anything was sent. */
  DROPPED;

  /** What has to be asked of the provider next. */
  TransferAction next() {
    return switch (this) {
      case CREATED -> TransferAction.SEND;
      case SENDING, PENDING -> TransferAction.QUERY;
      case PREPARED, SUCCEEDED, FAILED, DROPPED -> TransferAction.NOTHING;
    };
  }

  boolean isFinal() {
    return switch (this) {
      case SUCCEEDED, FAILED, DROPPED -> true;
      case PREPARED, CREATED, SENDING, PENDING -> false;
    };
  }
}
