package io.holdfast.payment.provider;

/** What became of something that the provider has told us unasked. */
public sealed interface Heard {

  /** It led us to what is so now. */
  record Applied(String detail) implements Heard {}

  /** It was known already, or is older than what is known. */
  record Stale(String detail) implements Heard {}

  /** It is about no movement of money. */
  record Ignored(String detail) implements Heard {}

  /** It is about nothing of ours. */
  record Unmatched(String detail) implements Heard {}

  /** It cannot be right: not applied, an operator is called. */
  record Refused(String detail) implements Heard {}

  /** The provider could not be asked, or somebody else is asking just now. */
  record Later(String detail) implements Heard {}
}
