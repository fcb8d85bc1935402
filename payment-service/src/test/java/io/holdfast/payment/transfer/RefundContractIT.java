package io.holdfast.payment.transfer;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.contracts.payment.PaymentContract;
import io.holdfast.contracts.payment.RefundPayment;
import io.holdfast.messaging.UuidV7;
import io.holdfast.participant.testing.ParticipantContractTest;
import io.holdfast.payment.PaymentServiceTest;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Refunds are a participant like every other. Their resource is a captured payment. */
@PaymentServiceTest
@Tag("R-P5")
class RefundContractIT extends ParticipantContractTest<RefundPayment> {

  @Autowired private JdbcClient jdbc;

  @Override
  protected ParticipantContract<RefundPayment> contract() {
    return PaymentContract.CARD_REFUND;
  }

  @Override
  protected boolean isAsynchronous() {
    return true;
  }

  /**
   * Payments locked; refunds loaded, inserted, updated. What this batch sets aside and gives up of
   * a payment is the same, so the payment is not written.
   */
  @Override
  protected int domainStatementsPerBatch() {
    return 4;
  }

  @Override
  protected Resource<RefundPayment> resource(long units) {
    var payment = UuidV7.next();
    String intent = "pi_" + payment.toString().replace("-", "");
    jdbc.sql(
            """
            insert into sandbox_payment_intent (id, amount, amount_received, currency, payment_method, status, metadata)
            values (?, ?, ?, 'eur', 'pm_card_visa', 'succeeded', jsonb_build_object('saga_id', ?::text))
            """)
        .params(intent, units, units, payment.toString())
        .update();
    jdbc.sql(
            """
            insert into payment (saga_id, amount_minor, currency, payment_method, state, wanted, outcome_unknown, provider_id,
              round, attempts, version)
            values (?, ?, 'EUR', 'pm_card_visa', 'CAPTURED', 'CAPTURED', false, ?, 0, 0, 0)
            """)
        .params(payment, units, intent)
        .update();
    return new CapturedPayment(jdbc, payment);
  }

  private record CapturedPayment(JdbcClient jdbc, UUID payment) implements Resource<RefundPayment> {

    @Override
    public RefundPayment request(long units) {
      return new RefundPayment(payment, units, "EUR");
    }

    @Override
    public void supply(long units) {}

    @Override
    public long held() {
      return read("refunding_minor");
    }

    @Override
    public long taken() {
      return read("refunded_minor");
    }

    private long read(String column) {
      return jdbc.sql("select " + column + " from payment where saga_id = ?")
          .param(payment)
          .query(Long.class)
          .single();
    }
  }
}
