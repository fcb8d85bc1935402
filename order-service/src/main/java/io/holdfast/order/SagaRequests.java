package io.holdfast.order;

import io.holdfast.contracts.SagaId;
import io.holdfast.contracts.saga.CancelSaga;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.contracts.saga.StartSaga;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import io.holdfast.messaging.Outbox.Outgoing;
import io.holdfast.messaging.TraceParent;
import java.util.UUID;

/** What this service asks of the orchestrator. The saga's id is the order's. */
final class SagaRequests {

  private static final String SOURCE = "order-service";

  private SagaRequests() {}

  static Outgoing start(UUID orderId, PlaceOrder input, TraceParent trace) {
    return request(
        SagaContract.START_TYPE,
        orderId,
        trace,
        new StartSaga(PlaceOrder.DEFINITION, Json.text(input)));
  }

  static Outgoing cancel(UUID orderId, TraceParent trace) {
    return request(
        SagaContract.CANCEL_TYPE, orderId, trace, new CancelSaga(OrderState.CANCELLED_BY_CUSTOMER));
  }

  private static Outgoing request(String type, UUID orderId, TraceParent trace, Object body) {
    return new Outgoing(
        SagaContract.REQUESTS_TOPIC,
        Envelope.first(SOURCE, type, new SagaId(orderId), trace.child(), Json.bytes(body)));
  }
}
