package io.holdfast.contracts.payment;

import io.holdfast.contracts.ParticipantContract;
import java.time.Duration;

/** The payment service's participants. Each asks a provider who may still decline the confirm. */
public final class PaymentContract {

  /** What the payment service says to whoever listens. Keyed by what it is about. */
  public static final String EVENTS_TOPIC = "payment.events";

  /** Body: {@link TopUpSucceeded}; keyed by the top-up. */
  public static final String TOP_UP_SUCCEEDED_TYPE = "io.holdfast.payment.top-up-succeeded.v1";

  private static final String COMMANDS = "payment.commands";
  private static final String REPLIES = "payment.replies";

  /** Authorises, captures, voids. */
  public static final ParticipantContract<AuthorizePayment> PAYMENT =
      new ParticipantContract<>(
          "payment",
          COMMANDS,
          REPLIES,
          "io.holdfast.payment.authorize-payment.v1",
          "io.holdfast.payment.capture-payment.v1",
          "io.holdfast.payment.void-payment.v1",
          AuthorizePayment.class,
          Duration.ofMinutes(10));

  /** Records a payout, sends it, drops it. */
  public static final ParticipantContract<PreparePayout> PAYOUT =
      new ParticipantContract<>(
          "payout",
          COMMANDS,
          REPLIES,
          "io.holdfast.payment.prepare-payout.v1",
          "io.holdfast.payment.send-payout.v1",
          "io.holdfast.payment.drop-payout.v1",
          PreparePayout.class,
          Duration.ofMinutes(10));

  /** Reserves a part of what was captured, refunds it, drops the reservation. */
  public static final ParticipantContract<RefundPayment> CARD_REFUND =
      new ParticipantContract<>(
          "card-refund",
          COMMANDS,
          REPLIES,
          "io.holdfast.payment.prepare-refund.v1",
          "io.holdfast.payment.send-refund.v1",
          "io.holdfast.payment.drop-refund.v1",
          RefundPayment.class,
          Duration.ofMinutes(10));

  private PaymentContract() {}
}
