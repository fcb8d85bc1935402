package io.holdfast.payment.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.SagaId;
import io.holdfast.messaging.UuidV7;
import io.holdfast.payment.PaymentServiceTest;
import io.holdfast.payment.provider.PaymentProvider;
import io.holdfast.payment.provider.ProviderAnswer;
import io.holdfast.payment.provider.ProviderRecord.Status;
import io.holdfast.payment.provider.TransferAnswer;
import io.holdfast.payment.provider.TransferKind;
import io.holdfast.payment.provider.TransferOrder;
import io.holdfast.payment.provider.TransferProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;

/** One that got lost among more than can be listed. */
@PaymentServiceTest
@Tag("R-P4")
@Tag("F13")
class StripeSearchIT {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int MOST_LISTED = 2;

  @Value("${local.server.port}")
  private int port;

  private final Instant sent = Instant.now();
  private StripeConnection connection;
  private StripePaymentProvider payments;
  private StripeTransferProvider transfers;

  @BeforeEach
  void connect() {
    connection =
        new StripeConnection("http://localhost:" + port + "/sandbox", "sk_test_x", LIMIT, LIMIT);
    var lists = new StripeLists(connection, MOST_LISTED, LIMIT);
    payments = new StripePaymentProvider(connection, lists);
    transfers = new StripeTransferProvider(connection, lists);
  }

  @AfterEach
  void disconnect() {
    connection.close();
  }

  private ProviderAnswer authorised(SagaId saga) {
    return payments.authorise(saga, 1_000, "EUR", "pm_card_visa", UUID.randomUUID().toString());
  }

  private static SagaId newSaga() {
    return new SagaId(UuidV7.next());
  }

  private void othersPay(int count) {
    IntStream.range(0, count).forEach(_ -> authorised(newSaga()));
  }

  private ProviderAnswer find(SagaId saga) {
    return payments.find(new PaymentProvider.Lookup(saga, null, sent, Instant.now()));
  }

  private static TransferOrder order(TransferKind kind, String account) {
    return new TransferOrder(kind, UuidV7.next(), UUID.randomUUID(), 500, "EUR", account);
  }

  private TransferAnswer sent(TransferOrder order) {
    return transfers.send(order, UUID.randomUUID().toString());
  }

  private TransferAnswer find(TransferOrder order) {
    return transfers.find(new TransferProvider.Lookup(order, null, sent, Instant.now()));
  }

  @Test
  void paymentIsFoundByItsSaga() {
    var saga = newSaga();
    var made = authorised(saga);
    othersPay(MOST_LISTED + 3);

    assertThat(made).isInstanceOf(ProviderAnswer.Authorised.class);
    assertThat(find(saga)).isEqualTo(made);
  }

  @Test
  void paymentIsFoundAsItIsNow() {
    var saga = newSaga();
    var made = (ProviderAnswer.Authorised) authorised(saga);
    othersPay(MOST_LISTED + 3);

    payments.voidPayment(made.providerId(), UUID.randomUUID().toString());

    assertThat(find(saga)).isEqualTo(new ProviderAnswer.Voided(made.providerId()));
  }

  @Test
  void paymentThatIsNotFoundIsAbsentAsFarAsTheSearchKnows() {
    othersPay(MOST_LISTED + 3);

    assertThat(find(newSaga()))
        .isInstanceOfSatisfying(
            ProviderAnswer.Absent.class,
            absent -> assertThat(absent.behind()).isGreaterThanOrEqualTo(Duration.ofMinutes(1)));
  }

  @Test
  void topUpIsFoundByItsId() {
    var topUp = order(TransferKind.TOP_UP, "pm_card_visa");
    sent(topUp);
    othersPay(MOST_LISTED + 3);

    assertThat(find(topUp))
        .isInstanceOfSatisfying(
            TransferAnswer.Known.class,
            known -> {
              assertThat(known.found().ourId()).isEqualTo(topUp.id());
              assertThat(known.found().status()).isEqualTo(Status.SUCCEEDED);
            });
  }

  @Test
  void refundIsFoundAmongThoseOfItsPayment() {
    var made = (ProviderAnswer.Authorised) authorised(newSaga());
    payments.capture(made.providerId(), UUID.randomUUID().toString());
    var refund = order(TransferKind.REFUND, made.providerId());
    sent(refund);
    for (int i = 0; i <= MOST_LISTED; i++) {
      var other = (ProviderAnswer.Authorised) authorised(newSaga());
      payments.capture(other.providerId(), UUID.randomUUID().toString());
      sent(order(TransferKind.REFUND, other.providerId()));
    }

    assertThat(find(refund)).isInstanceOf(TransferAnswer.Known.class);
    assertThat(find(order(TransferKind.REFUND, made.providerId())))
        .isEqualTo(new TransferAnswer.Absent(Duration.ZERO));
  }

  /** Stripe has no search for payouts. */
  @Test
  void payoutAmongMoreThanCanBeListedIsUnknown() {
    var payout = order(TransferKind.PAYOUT, "ba_1");
    sent(payout);
    IntStream.rangeClosed(0, MOST_LISTED).forEach(_ -> sent(order(TransferKind.PAYOUT, "ba_1")));

    assertThat(find(payout)).isInstanceOf(TransferAnswer.Unknown.class);
  }
}
