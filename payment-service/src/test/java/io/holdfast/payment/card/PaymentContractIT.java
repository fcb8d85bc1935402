package io.holdfast.payment.card;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.payment.AuthorizePayment;
import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.participant.testing.ParticipantContractTest;
import io.holdfast.payment.PaymentServiceTest;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The payment service is a participant like every other. Its resource is a card. */
@PaymentServiceTest
class PaymentContractIT extends ParticipantContractTest<AuthorizePayment> {

  @Autowired private JdbcClient jdbc;

  @Override
  protected ParticipantContract<AuthorizePayment> contract() {
    return PaymentContract.PAYMENT;
  }

  @Override
  protected boolean isAsynchronous() {
    return true;
  }

  @Override
  protected boolean isShared() {
    return false;
  }

  /** Load, insert and update; but nothing is said yet, which saves the append to the outbox. */
  @Override
  protected int domainStatementsPerBatch() {
    return 3 - 1;
  }

  @Override
  protected Resource<AuthorizePayment> resource(long units) {
    return new Card(jdbc, "pm_card_" + UUID.randomUUID(), units);
  }

  /** A card that pays up to its limit. */
  private record Card(JdbcClient jdbc, String token, long limit)
      implements Resource<AuthorizePayment> {

    @Override
    public AuthorizePayment request(long units) {
      return new AuthorizePayment(units, "EUR", units > limit ? "pm_card_chargeDeclined" : token);
    }

    @Override
    public void supply(long units) {}

    @Override
    public long held() {
      return sum("requires_capture");
    }

    @Override
    public long taken() {
      return sum("succeeded");
    }

    private static final String SUM =
        """
        select coalesce(sum(amount), 0) from sandbox_payment_intent
        where payment_method = ? and status = ?
        """;

    private long sum(String status) {
      return jdbc.sql(SUM).params(token, status).query(Long.class).single();
    }
  }
}
