package io.holdfast.order;

import io.holdfast.contracts.Code;
import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.saga.CancelSaga;
import io.holdfast.contracts.saga.FulfilOrder;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.saga.RefundOrder;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.contracts.saga.StartSaga;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.Outbox.Outgoing;
import io.holdfast.messaging.TraceParent;
import java.util.UUID;

/** What this service asks of the orchestrator. The id of the saga that places an order is its. */
final class SagaRequests {

  private static final String SOURCE = "order-service";
  private static final byte[] NO_BODY = new byte[0];
  private static final int ONLY_ATTEMPT = 1;

  private SagaRequests() {}

  static Outgoing start(UUID orderId, PlaceOrder input, TraceParent trace) {
    return start(orderId, PlaceOrder.DEFINITION, input, trace);
  }

  static Outgoing fulfil(UUID fulfilmentId, FulfilOrder input, TraceParent trace) {
    return start(fulfilmentId, FulfilOrder.DEFINITION, input, trace);
  }

  static Outgoing refund(RefundOrder input, TraceParent trace) {
    return start(input.refundId(), RefundOrder.DEFINITION, input, trace);
  }

  private static Outgoing start(UUID sagaId, String definition, Object input, TraceParent trace) {
    var body = Json.bytes(new StartSaga(definition, Json.text(input)));
    return request(message(SagaContract.START_TYPE, sagaId, trace, body));
  }

  static Outgoing cancel(UUID orderId, TraceParent trace) {
    var body = Json.bytes(new CancelSaga(OrderState.CANCELLED_BY_CUSTOMER));
    return request(message(SagaContract.CANCEL_TYPE, orderId, trace, body));
  }

  /** Says that a reviewer approved. */
  static Outgoing approved(UUID orderId, TraceParent trace) {
    return request(about(message(SagaContract.DONE_TYPE, orderId, trace, NO_BODY)));
  }

  /** Says that a reviewer rejected. */
  static Outgoing rejected(UUID orderId, String reason, TraceParent trace) {
    var body = Json.bytes(Reason.of(Code.REJECTED_BY_REVIEWER, reason));
    return request(about(message(SagaContract.REFUSED_TYPE, orderId, trace, body)));
  }

  private static Envelope about(Envelope message) {
    return message.about(PlaceOrder.APPROVAL, Phase.TRY, ONLY_ATTEMPT);
  }

  private static Envelope message(String type, UUID sagaId, TraceParent trace, byte[] body) {
    return Envelope.first(SOURCE, type, new SagaId(sagaId), trace.child(), body);
  }

  private static Outgoing request(Envelope message) {
    return new Outgoing(SagaContract.REQUESTS_TOPIC, message);
  }
}
