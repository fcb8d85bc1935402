package io.holdfast.order;

/**
 * What a reviewer has said about an order that needs approval. It is no {@link OrderState}: an
 * order that awaits approval is pending like any other, and can be cancelled like any other.
 */
enum Approval {
  /** Nobody has decided; nothing is set aside for the order. */
  AWAITING,
  APPROVED,
  REJECTED,
  /** The order ended before anybody decided. */
  LAPSED
}
