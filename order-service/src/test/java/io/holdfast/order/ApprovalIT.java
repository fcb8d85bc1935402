package io.holdfast.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.Phase;
import io.holdfast.contracts.Reason;
import io.holdfast.contracts.saga.PlaceOrder;
import io.holdfast.contracts.saga.SagaContract;
import io.holdfast.messaging.Envelope;
import io.holdfast.messaging.Json;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("R-O6")
class ApprovalIT extends RunningOrderService {

  private static final int ACTORS = 120;

  @Test
  void anOrderAboveTheLimitAwaitsApprovalAndItsSagaIsToldSo() {
    var customer = UUID.randomUUID();

    var above = place(order(customer, "WATCH", 3), newKey());
    var atTheLimit = place(order(customer, "WATCH", 2), newKey());

    assertThat(above.body().path("approval").asString()).isEqualTo("AWAITING");
    assertThat(above.state()).isEqualTo("PENDING");
    assertThat(get("/orders/" + above.orderId()).body()).isEqualTo(above.body());
    assertThat(input(above.orderId()).needsApproval()).isTrue();
    assertThat(atTheLimit.body().has("approval")).isFalse();
    assertThat(input(atTheLimit.orderId()).needsApproval()).isFalse();
    assertThat(get("/approvals?limit=500").text())
        .contains(above.orderId().toString())
        .doesNotContain(atTheLimit.orderId().toString());
  }

  @Test
  void anApprovalIsRecordedAndSaidToTheSaga() {
    var orderId = awaiting();

    var answer = approve(orderId, "anna");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("approval").asString()).isEqualTo("APPROVED");
    assertThat(answer.body().path("reviewer").asString()).isEqualTo("anna");
    assertThat(answer.body().path("reviewedAt").asString()).isNotEmpty();
    var signals = said(orderId, SagaContract.DONE_TYPE);
    assertThat(signals).hasSize(1);
    assertSignal(signals.getFirst());
    assertThat(get("/approvals?limit=500").text()).doesNotContain(orderId.toString());
    assertThat(approve(orderId, "anna").text()).isEqualTo(answer.text());
    assertThat(said(orderId, SagaContract.DONE_TYPE)).hasSize(1);
  }

  @Test
  void aRejectionTellsTheSagaWhyAndTheOrderEndsRejected() {
    var orderId = awaiting();

    var answer = reject(orderId, "bo", "too many watches");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("reviewReason").asString()).isEqualTo("too many watches");
    var signals = said(orderId, SagaContract.REFUSED_TYPE);
    assertThat(signals).hasSize(1);
    assertSignal(signals.getFirst());
    var reason = Json.read(signals.getFirst().body(), Reason.class);
    assertThat(reason).isEqualTo(new Reason("REJECTED_BY_REVIEWER", "too many watches"));
    publish(cancelled(orderId, reason.code(), reason.detail()));
    awaitState(orderId, "REJECTED");
    assertProblem(approve(orderId, "carl"), 409, "ALREADY_DECIDED");
  }

  @Test
  void aRejectionForAnotherReasonIsNotTheSame() {
    var orderId = awaiting();
    var first = reject(orderId, "bo", "too many watches");

    assertThat(reject(orderId, "bo", "too many watches").text()).isEqualTo(first.text());
    assertProblem(reject(orderId, "bo", "too few watches"), 409, "ALREADY_DECIDED");
  }

  @Test
  void ofReviewersWhoDecideTogetherOneDecidesAndTheOthersAreTold() {
    var orderId = awaiting();

    var answers =
        together(
            ACTORS,
            i -> i % 2 == 0 ? approve(orderId, "r" + i) : reject(orderId, "r" + i, "no " + i));

    assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
    assertThat(answers)
        .filteredOn(answer -> answer.status() != 200)
        .allSatisfy(answer -> assertProblem(answer, 409, "ALREADY_DECIDED"));
    var signals =
        said(orderId).stream()
            .filter(message -> message.step() != null)
            .map(Envelope::type)
            .distinct()
            .toList();
    assertThat(signals).hasSize(1);
    var order = get("/orders/" + orderId).body();
    assertThat(order.path("version").asInt()).isEqualTo(2);
    assertThat(signals.getFirst())
        .isEqualTo(
            order.path("approval").asString().equals("APPROVED")
                ? SagaContract.DONE_TYPE
                : SagaContract.REFUSED_TYPE);
  }

  @Test
  @Tag("K")
  void aDecisionIsSentAgainBehindTheStartUntilTheSagaHasEnded() {
    var orderId = awaiting();
    approve(orderId, "anna");

    makeDue(orderId);
    await().until(() -> said(orderId, SagaContract.DONE_TYPE).size() == 2);

    assertThat(said(orderId))
        .extracting(Envelope::type)
        .containsSubsequence(SagaContract.START_TYPE, SagaContract.DONE_TYPE);
    assertThat(said(orderId, SagaContract.DONE_TYPE))
        .allSatisfy(ApprovalIT::assertSignal)
        .extracting(Envelope::id)
        .doesNotHaveDuplicates();
    assertThat(started(orderId)).containsOnly(started(orderId).getFirst());
    publish(confirmed(orderId));
    awaitState(orderId, "CONFIRMED");
    assertThat(get("/orders/" + orderId).body().path("approval").asString()).isEqualTo("APPROVED");
  }

  @Test
  void anOrderThatEndedUndecidedHasNothingToDecide() {
    var orderId = awaiting();
    publish(cancelled(orderId, "NOT_ANSWERED_IN_TIME", "nobody answered"));
    awaitState(orderId, "CANCELLED");

    var late = approve(orderId, "anna");

    assertProblem(late, 409, "ALREADY_ENDED");
    assertThat(get("/orders/" + orderId).body().path("approval").asString()).isEqualTo("LAPSED");
    assertThat(said(orderId, SagaContract.DONE_TYPE)).isEmpty();
    assertThat(get("/approvals?limit=500").text()).doesNotContain(orderId.toString());
  }

  @Test
  @Tag("R-O5")
  void anOrderThatAwaitsApprovalCanBeCancelled() {
    var orderId = awaiting();

    var answer = post("/orders/" + orderId + "/cancel");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(said(orderId, SagaContract.CANCEL_TYPE)).hasSize(1);
  }

  @Test
  @Tag("R-X4")
  void refusesWhatIsNoDecision() {
    var orderId = awaiting();
    var path = "/orders/" + orderId;

    assertProblem(send(path + "/approve", "{}"), 400, "INVALID_FIELD");
    assertProblem(send(path + "/approve", "{\"reviewer\":\" \"}"), 400, "INVALID_FIELD");
    assertProblem(send(path + "/reject", "{\"reviewer\":\"anna\"}"), 400, "INVALID_FIELD");
    assertProblem(send(path + "/approve", "{\"reviewer\":\"anna\",\"x\":1}"), 400, "UNKNOWN_FIELD");
    assertProblem(approve(placed(), "anna"), 409, "NO_APPROVAL_NEEDED");
    assertProblem(approve(UUID.randomUUID(), "anna"), 404, "UNKNOWN_ORDER");
  }

  private static void assertSignal(Envelope signal) {
    assertThat(signal.step()).isEqualTo(PlaceOrder.APPROVAL);
    assertThat(signal.phase()).isEqualTo(Phase.TRY);
    assertThat(signal.attempt()).isEqualTo(1);
  }

  private PlaceOrder input(UUID orderId) {
    return Json.read(started(orderId).getFirst().input(), PlaceOrder.class);
  }

  private UUID awaiting() {
    var answer = place(order(UUID.randomUUID(), "WATCH", 3), newKey());
    assertThat(answer.body().path("approval").asString()).isEqualTo("AWAITING");
    return answer.orderId();
  }

  private Answer approve(UUID orderId, String reviewer) {
    return send("/orders/" + orderId + "/approve", "{\"reviewer\":\"%s\"}".formatted(reviewer));
  }

  private Answer reject(UUID orderId, String reviewer, String reason) {
    return send(
        "/orders/" + orderId + "/reject",
        "{\"reviewer\":\"%s\",\"reason\":\"%s\"}".formatted(reviewer, reason));
  }
}
