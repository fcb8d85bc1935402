package io.holdfast.payment.card;

import io.holdfast.payment.provider.ProviderAction;
import io.holdfast.payment.provider.ProviderAnswer;
import io.holdfast.payment.provider.ProviderAnswer.Absent;
import io.holdfast.payment.provider.ProviderAnswer.Authorised;
import io.holdfast.payment.provider.ProviderAnswer.Captured;
import io.holdfast.payment.provider.ProviderAnswer.Declined;
import io.holdfast.payment.provider.ProviderAnswer.Unknown;
import io.holdfast.payment.provider.ProviderAnswer.Untouched;
import io.holdfast.payment.provider.ProviderAnswer.Voided;

/**
 * What we know of a payment at the provider. Pure and total: every state has an answer to every
 * wish and to everything that the provider may say.
 */
public enum PaymentState {
  /** Nothing is known to have reached the provider. */
  CREATED,
  /** An authorisation may have been sent; only the provider knows its outcome. */
  AUTHORISING,
  /** The amount is held on the card. */
  AUTHORISED,
  /** A capture may have been sent; only the provider knows its outcome. */
  CAPTURING,
  /** The amount has been taken. */
  CAPTURED,
  /** The provider declined to capture. The amount may still be held. */
  CAPTURE_DECLINED,
  /** A void may have been sent; only the provider knows its outcome. */
  VOIDING,
  /** Nothing is held, and nothing will be. */
  VOIDED,
  /** The provider declined to authorise: nothing was ever held. */
  DECLINED;

  /** What has to be done at the provider, so that it comes to what is wanted. */
  ProviderAction next(Wanted wanted) {
    return switch (this) {
      case CREATED ->
          switch (wanted) {
            case AUTHORISED, CAPTURED -> ProviderAction.AUTHORISE;
            case VOIDED -> ProviderAction.NOTHING;
          };
      case AUTHORISED ->
          switch (wanted) {
            case AUTHORISED -> ProviderAction.NOTHING;
            case CAPTURED -> ProviderAction.CAPTURE;
            case VOIDED -> ProviderAction.VOID;
          };
      case CAPTURE_DECLINED ->
          switch (wanted) {
            case AUTHORISED, CAPTURED -> ProviderAction.NOTHING;
            case VOIDED -> ProviderAction.VOID;
          };
      case AUTHORISING, CAPTURING, VOIDING -> ProviderAction.QUERY;
      case CAPTURED, VOIDED, DECLINED -> ProviderAction.NOTHING;
    };
  }

  /** The state to store before the action is taken: from then on its outcome is unknown. */
  PaymentState before(ProviderAction action) {
    return switch (action) {
      case AUTHORISE -> AUTHORISING;
      case CAPTURE -> CAPTURING;
      case VOID -> VOIDING;
      case QUERY, NOTHING -> this;
    };
  }

  /** The state after the provider has said {@code answer}. */
  PaymentState after(ProviderAnswer answer) {
    return switch (this) {
      case CREATED, AUTHORISING ->
          switch (answer) {
            case Authorised _ -> AUTHORISED;
            case Captured _ -> CAPTURED;
            case Voided _ -> VOIDED;
            case Declined _ -> DECLINED;
            case Absent _, Untouched _ -> CREATED;
            case Unknown _ -> this;
          };
      case AUTHORISED ->
          switch (answer) {
            case Captured _ -> CAPTURED;
            case Voided _ -> VOIDED;
            case Authorised _, Declined _, Absent _, Untouched _, Unknown _ -> AUTHORISED;
          };
      case CAPTURING ->
          switch (answer) {
            case Captured _ -> CAPTURED;
            case Voided _ -> VOIDED;
            case Declined _ -> CAPTURE_DECLINED;
            case Authorised _, Untouched _ -> AUTHORISED;
            case Absent _, Unknown _ -> CAPTURING;
          };
      case CAPTURE_DECLINED ->
          switch (answer) {
            case Captured _ -> CAPTURED;
            case Voided _ -> VOIDED;
            case Authorised _, Declined _, Absent _, Untouched _, Unknown _ -> CAPTURE_DECLINED;
          };
      case VOIDING ->
          switch (answer) {
            case Captured _ -> CAPTURED;
            case Voided _, Declined _ -> VOIDED;
            case Authorised _, Untouched _ -> AUTHORISED;
            case Absent _, Unknown _ -> VOIDING;
          };
      // An authorisation that comes late is the one thing that opens a payment again: to be voided.
      case VOIDED ->
          switch (answer) {
            case Authorised _ -> AUTHORISED;
            case Captured _, Voided _, Declined _, Absent _, Untouched _, Unknown _ -> VOIDED;
          };
      case CAPTURED, DECLINED -> this;
    };
  }

  /** Whether a request was sent whose outcome nobody has recorded. */
  boolean isUnderWay() {
    return switch (this) {
      case AUTHORISING, CAPTURING, VOIDING -> true;
      case CREATED, AUTHORISED, CAPTURED, CAPTURE_DECLINED, VOIDED, DECLINED -> false;
    };
  }
}
