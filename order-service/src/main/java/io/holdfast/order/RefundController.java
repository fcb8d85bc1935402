package io.holdfast.order;

import io.holdfast.contracts.Code;
import io.holdfast.order.RefundOutcome.AnotherPending;
import io.holdfast.order.RefundOutcome.Begun;
import io.holdfast.order.RefundOutcome.Existing;
import io.holdfast.order.RefundOutcome.KeyReused;
import io.holdfast.order.RefundOutcome.NotConfirmed;
import io.holdfast.order.RefundOutcome.NotSentYet;
import io.holdfast.order.RefundOutcome.Refused;
import io.holdfast.order.RefundOutcome.SplitUnknown;
import io.holdfast.order.RefundOutcome.UnknownOrder;
import io.holdfast.web.Problem;
import io.holdfast.web.RequestTrace;
import io.holdfast.web.Rule;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Refunds over HTTP. */
@RestController
class RefundController {

  private final RefundDesk desk;
  private final RefundStore refunds;
  private final OrderRepository repository;
  private final OrderWatch watch;
  private final Duration longestWait;

  RefundController(
      RefundDesk desk,
      RefundStore refunds,
      OrderRepository repository,
      OrderWatch watch,
      OrderProperties properties) {
    this.desk = desk;
    this.refunds = refunds;
    this.repository = repository;
    this.watch = watch;
    this.longestWait = properties.follow().longestWait();
  }

  /**
   * Body of {@code POST /orders/{orderId}/refunds}.
   *
   * @param lines which pieces; left out: all that have not been paid back
   * @param returned whether the goods come back into stock; those that could not be sent always do
   * @param reason why, in the customer's words
   */
  record RefundRequest(
      @Size(min = 1, max = 100) @Nullable List<@NotNull @Valid Line> lines,
      @NotNull Boolean returned,
      @NotBlank @Size(max = 500) @Pattern(regexp = Texts.PLAIN, message = Rule.PLAIN_TEXT)
          String reason) {

    /**
     * @param line position of the order's line, from 0
     */
    record Line(
        @NotNull @Min(0) @Max(99) Integer line, @NotNull @Min(1) @Max(1_000_000) Long quantity) {}

    @Nullable List<Refunding.Line> asked() {
      return lines == null
          ? null
          : lines.stream().map(line -> new Refunding.Line(line.line(), line.quantity())).toList();
    }
  }

  /**
   * Asks for a refund: 202 while it is under way, 201 once it has ended. A known key gets the
   * refund it stands for.
   */
  @PostMapping("/orders/{orderId}/refunds")
  ResponseEntity<Refund> request(
      HttpServletRequest http,
      @PathVariable String orderId,
      @RequestParam(required = false) @Nullable UUID customerId,
      @Valid @RequestBody RefundRequest request) {
    var asked =
        new RefundDesk.Asked(
            OrderIds.parse(orderId),
            customerId,
            request.asked(),
            request.returned(),
            request.reason(),
            IdempotencyKey.of(http),
            RequestTrace.of(http));
    var wait = Preference.wait(Collections.list(http.getHeaders("Prefer")), longestWait);
    try (var waiting = PreferredWait.begin(wait, watch, asked.orderId())) {
      return switch (desk.request(asked)) {
        case Begun(UUID refundId) -> answer(asked.orderId(), refundId, false, waiting);
        case Existing(UUID refundId) -> answer(asked.orderId(), refundId, true, waiting);
        case KeyReused _ -> throw OrderProblem.keyReused();
        case UnknownOrder _ -> throw OrderProblem.unknownOrder();
        case NotConfirmed(OrderState state) -> throw Problem.of(Code.NOT_CONFIRMED, state);
        case NotSentYet _ -> throw Problem.of(Code.NOT_SENT_YET);
        case AnotherPending _ -> throw Problem.of(Code.REFUND_PENDING);
        case SplitUnknown _ -> throw Problem.of(Code.PAYMENT_SPLIT_UNKNOWN);
        case Refused(Refunding.Refused why) ->
            throw why.field() == null
                ? Problem.of(why.code(), why.values().toArray())
                : Problem.ofField(why.code(), why.field(), why.values().toArray());
      };
    }
  }

  private ResponseEntity<Refund> answer(
      UUID orderId, UUID refundId, boolean replayed, PreferredWait waiting) {
    var refund = await(orderId, refundId, waiting);
    var answer =
        ResponseEntity.status(
                refund.state() == RefundState.PENDING ? HttpStatus.ACCEPTED : HttpStatus.CREATED)
            .location(URI.create("/orders/%s/refunds/%s".formatted(orderId, refundId)));
    if (replayed) {
      answer.header(IdempotencyKey.REPLAYED_HEADER, "true");
    }
    return waiting.applied(answer).body(refund);
  }

  /** The refund once it has ended, or as it stands when the time is over. */
  private Refund await(UUID orderId, UUID refundId, PreferredWait waiting) {
    var refund = refunds.load(orderId, refundId, null).getFirst();
    int seen = 0;
    while (refund.state() == RefundState.PENDING) {
      var progress = waiting.next(seen);
      if (progress == null) {
        break;
      }
      seen = progress.version();
      refund = refunds.load(orderId, refundId, null).getFirst();
    }
    return refund;
  }

  record Refunds(List<Refund> refunds) {}

  /** All refunds of an order, oldest first. */
  @GetMapping("/orders/{orderId}/refunds")
  Refunds list(
      @PathVariable String orderId, @RequestParam(required = false) @Nullable UUID customerId) {
    var id = OrderIds.parse(orderId);
    var found = refunds.load(id, null, customerId);
    if (found.isEmpty()) {
      refuseUnknown(id, customerId);
    }
    return new Refunds(found);
  }

  @GetMapping("/orders/{orderId}/refunds/{refundId}")
  Refund get(
      @PathVariable String orderId,
      @PathVariable UUID refundId,
      @RequestParam(required = false) @Nullable UUID customerId) {
    var id = OrderIds.parse(orderId);
    var found = refunds.load(id, refundId, customerId);
    if (found.isEmpty()) {
      refuseUnknown(id, customerId);
      throw Problem.of(Code.UNKNOWN_REFUND, refundId);
    }
    return found.getFirst();
  }

  private void refuseUnknown(UUID orderId, @Nullable UUID customerId) {
    var order =
        customerId == null
            ? repository.findByOrderId(orderId)
            : repository.findByOrderIdAndCustomerId(orderId, customerId);
    if (order.isEmpty()) {
      throw OrderProblem.unknownOrder();
    }
  }
}
