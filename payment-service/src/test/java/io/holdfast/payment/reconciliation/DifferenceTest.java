package io.holdfast.payment.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.SagaId;
import io.holdfast.payment.card.Payment;
import io.holdfast.payment.card.PaymentState;
import io.holdfast.payment.card.SomePayment;
import io.holdfast.payment.provider.ProviderRecord;
import io.holdfast.payment.provider.ProviderRecord.Kind;
import io.holdfast.payment.provider.ProviderRecord.Status;
import io.holdfast.payment.provider.TransferKind;
import io.holdfast.payment.provider.TransferOrder;
import io.holdfast.payment.transfer.Transfer;
import io.holdfast.payment.transfer.TransferState;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every state of ours and everything that the provider can have. Columns: HELD, PENDING, SUCCEEDED,
 * FAILED, VOIDED; {@code =} no difference, {@code M} missing here, {@code A} amount, {@code S}
 * state.
 */
@Tag("R-S4")
class DifferenceTest {

  private static final SagaId SAGA = SagaId.of("01931b5c-0000-7000-8000-000000000001");
  private static final String ID = "there_1";
  private static final long AMOUNT = 500;

  private static final Map<PaymentState, String> PAYMENTS =
      Map.of(
          PaymentState.CREATED, "=====",
          PaymentState.AUTHORISING, "=====",
          PaymentState.AUTHORISED, "=SSSS",
          PaymentState.CAPTURING, "=====",
          PaymentState.CAPTURED, "SS=SS",
          PaymentState.CAPTURE_DECLINED, "=SSSS",
          PaymentState.VOIDING, "=====",
          PaymentState.VOIDED, "SSS==",
          PaymentState.DECLINED, "SSS==");

  private static final Map<TransferState, String> TRANSFERS =
      Map.of(
          TransferState.PREPARED, "SSSSS",
          TransferState.CREATED, "=====",
          TransferState.SENDING, "=====",
          TransferState.PENDING, "=====",
          TransferState.SUCCEEDED, "SS=SS",
          TransferState.FAILED, "SSS==",
          TransferState.DROPPED, "SSSSS");

  private static final String ONE_OF_WHICH_NOTHING_IS_HERE = "MMM==";

  private static ProviderRecord theirs(Kind kind, Status status, long amount, String currency) {
    return new ProviderRecord(
        kind, ID, SAGA.value(), amount, currency, status, null, Instant.EPOCH);
  }

  private static String row(Kind kind, Function<ProviderRecord, Optional<Difference>> between) {
    return row(kind, AMOUNT, "EUR", between);
  }

  private static String row(
      Kind kind,
      long amount,
      String currency,
      Function<ProviderRecord, Optional<Difference>> between) {
    var row = new StringBuilder();
    for (var status : Status.values()) {
      row.append(
          between
              .apply(theirs(kind, status, amount, currency))
              .map(difference -> difference.kind().name().charAt(0))
              .orElse('='));
    }
    return row.toString();
  }

  private static Payment payment(PaymentState state, @Nullable String providerId) {
    return SomePayment.in(state, SAGA, AMOUNT, providerId);
  }

  private static Transfer transfer(
      TransferKind kind, TransferState state, @Nullable String providerId) {
    return new Transfer(
        new TransferOrder(kind, SAGA.value(), SAGA.value(), AMOUNT, "EUR", "there_0"),
        state,
        false,
        providerId,
        0,
        0,
        0,
        null,
        null,
        null,
        null,
        null,
        "t");
  }

  private static Kind kind(TransferKind kind) {
    return Kind.valueOf(kind.name());
  }

  @Test
  void everyStateOfAPaymentIsComparedWithEveryStatus() {
    for (var state : PaymentState.values()) {
      var ours = payment(state, ID);

      assertThat(row(Kind.PAYMENT, theirs -> Difference.between(theirs, ours)))
          .as("%s", state)
          .isEqualTo(PAYMENTS.get(state));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyStateOfATransferIsComparedWithEveryStatus(TransferKind kind) {
    for (var state : TransferState.values()) {
      var ours = transfer(kind, state, ID);

      assertThat(row(kind(kind), theirs -> Difference.between(theirs, ours)))
          .as("%s", state)
          .isEqualTo(TRANSFERS.get(state));
    }
  }

  @Test
  void paymentThatIsOnItsWayToWhatIsWantedDiffersInNothing() {
    var ours = SomePayment.toBeVoided(SAGA, AMOUNT, ID);

    assertThat(row(Kind.PAYMENT, theirs -> Difference.between(theirs, ours))).isEqualTo("=====");
    assertThat(row(Kind.PAYMENT, 501, "EUR", theirs -> Difference.between(theirs, ours)))
        .isEqualTo("=====");
  }

  @ParameterizedTest
  @EnumSource
  void whatNobodyHereKnowsIsMissingUnlessNothingCameOfIt(Kind kind) {
    assertThat(row(kind, theirs -> Difference.between(theirs, (Payment) null)))
        .isEqualTo(ONE_OF_WHICH_NOTHING_IS_HERE);
    assertThat(row(kind, theirs -> Difference.between(theirs, (Transfer) null)))
        .isEqualTo(ONE_OF_WHICH_NOTHING_IS_HERE);
  }

  @Test
  void secondOneBesidesOurPaymentIsMissing() {
    var captured = payment(PaymentState.CAPTURED, "there_2");
    var neverMade = payment(PaymentState.VOIDED, null);
    var underWay = payment(PaymentState.AUTHORISING, null);

    assertThat(row(Kind.PAYMENT, theirs -> Difference.between(theirs, captured)))
        .isEqualTo(ONE_OF_WHICH_NOTHING_IS_HERE);
    assertThat(row(Kind.PAYMENT, theirs -> Difference.between(theirs, neverMade)))
        .isEqualTo(ONE_OF_WHICH_NOTHING_IS_HERE);
    assertThat(row(Kind.PAYMENT, theirs -> Difference.between(theirs, underWay)))
        .isEqualTo("=====");
  }

  @ParameterizedTest
  @EnumSource
  void secondOneBesidesOurTransferIsMissing(TransferKind kind) {
    var succeeded = transfer(kind, TransferState.SUCCEEDED, "there_2");
    var prepared = transfer(kind, TransferState.PREPARED, null);
    var underWay = transfer(kind, TransferState.SENDING, null);

    assertThat(row(kind(kind), theirs -> Difference.between(theirs, succeeded)))
        .isEqualTo(ONE_OF_WHICH_NOTHING_IS_HERE);
    assertThat(row(kind(kind), theirs -> Difference.between(theirs, prepared)))
        .isEqualTo(ONE_OF_WHICH_NOTHING_IS_HERE);
    assertThat(row(kind(kind), theirs -> Difference.between(theirs, underWay))).isEqualTo("=====");
  }

  @Test
  void anotherAmountOrCurrencyOfAPaymentIsADifferenceWhateverItsStatus() {
    var ours = payment(PaymentState.CAPTURED, ID);

    assertThat(row(Kind.PAYMENT, 501, "EUR", theirs -> Difference.between(theirs, ours)))
        .isEqualTo("AAAAA");
    assertThat(row(Kind.PAYMENT, AMOUNT, "USD", theirs -> Difference.between(theirs, ours)))
        .isEqualTo("AAAAA");
  }

  @ParameterizedTest
  @EnumSource
  void anotherAmountOrCurrencyOfATransferIsADifferenceWhateverItsStatus(TransferKind kind) {
    var ours = transfer(kind, TransferState.SUCCEEDED, ID);
    var underWay = transfer(kind, TransferState.PENDING, ID);

    assertThat(row(kind(kind), 501, "EUR", theirs -> Difference.between(theirs, ours)))
        .isEqualTo("AAAAA");
    assertThat(row(kind(kind), AMOUNT, "USD", theirs -> Difference.between(theirs, ours)))
        .isEqualTo("AAAAA");
    assertThat(row(kind(kind), 501, "EUR", theirs -> Difference.between(theirs, underWay)))
        .isEqualTo("=====");
  }

  @Test
  void differenceNamesBoth() {
    var found =
        Difference.between(
            theirs(Kind.REFUND, Status.FAILED, AMOUNT, "EUR"),
            transfer(TransferKind.REFUND, TransferState.SUCCEEDED, ID));

    assertThat(found)
        .contains(
            new Difference(
                Difference.Kind.STATE,
                Kind.REFUND,
                SAGA.value(),
                ID,
                "FAILED there, SUCCEEDED here",
                null));
  }
}
