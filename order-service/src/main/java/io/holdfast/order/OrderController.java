package io.holdfast.order;

import io.holdfast.contracts.Code;
import io.holdfast.messaging.UuidV7;
import io.holdfast.order.PlacementOutcome.Existing;
import io.holdfast.order.PlacementOutcome.Failed;
import io.holdfast.order.PlacementOutcome.KeyReused;
import io.holdfast.order.PlacementOutcome.Overloaded;
import io.holdfast.order.PlacementOutcome.Placed;
import io.holdfast.order.PlacementOutcome.Refused;
import io.holdfast.order.PlacementOutcome.Unanswered;
import io.holdfast.web.Problem;
import io.holdfast.web.RequestTrace;
import io.holdfast.web.Rule;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
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
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Orders over HTTP. An answer depends on nothing but the order and the reader's language: the same
 * request gets the same answer as long as the order stands where it stood, and never an earlier
 * state afterwards.
 */
@RestController
class OrderController {

  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private final PlacementQueue placements;
  private final CancelHandler cancellations;
  private final OrderRepository repository;
  private final OrderStore orders;
  private final OrderWatch watch;
  private final Duration longestWait;

  OrderController(
      PlacementQueue placements,
      CancelHandler cancellations,
      OrderRepository repository,
      OrderStore orders,
      OrderWatch watch,
      OrderProperties properties) {
    this.placements = placements;
    this.cancellations = cancellations;
    this.repository = repository;
    this.orders = orders;
    this.watch = watch;
    this.longestWait = properties.follow().longestWait();
  }

  /**
   * Places an order: 202 while it is under way, 201 once it has ended. A known key gets the order
   * it stands for.
   */
  @PostMapping("/orders")
  ResponseEntity<Order> place(
      HttpServletRequest http, @Valid @RequestBody PlaceOrderRequest request) {
    // Headers are read here: as three annotated parameters they cost a sixth of the request.
    String key = IdempotencyKey.of(http);
    var placement = request.toPlacement(UuidV7.next(), key, RequestTrace.of(http));
    var wait = Preference.wait(Collections.list(http.getHeaders("Prefer")), longestWait);
    try (var waiting = PreferredWait.begin(wait, watch, placement.orderId())) {
      return switch (placements.place(placement)) {
        case Placed(Order order) -> placed(await(order, waiting), false, waiting);
        case Existing(UUID orderId, boolean ownAttempt) -> existing(orderId, !ownAttempt, wait);
        case KeyReused _ -> throw OrderProblem.keyReused();
        case Refused(Pricing.Refused why) ->
            throw Problem.ofField(why.code(), why.field(), why.values().toArray());
        case Overloaded _ -> throw Problem.of(Code.OVERLOADED);
        case Unanswered _ -> throw Problem.of(Code.OUTCOME_UNKNOWN);
        case Failed _ -> throw Problem.of(Code.NOT_STORED);
      };
    }
  }

  private ResponseEntity<Order> existing(UUID orderId, boolean replayed, Duration wait) {
    try (var waiting = PreferredWait.begin(wait, watch, orderId)) {
      var order = repository.findByOrderId(orderId).orElseThrow(OrderProblem::unknownOrder);
      return placed(await(order, waiting), replayed, waiting);
    }
  }

  private static ResponseEntity<Order> placed(
      Order order, boolean replayed, PreferredWait waiting) {
    var answer =
        ResponseEntity.status(order.state().ended() ? HttpStatus.CREATED : HttpStatus.ACCEPTED)
            .location(URI.create("/orders/" + order.orderId()));
    if (replayed) {
      answer.header(IdempotencyKey.REPLAYED_HEADER, "true");
    }
    return waiting.applied(answer).body(order);
  }

  @GetMapping("/orders/{orderId}")
  Order get(
      @PathVariable String orderId, @RequestParam(required = false) @Nullable UUID customerId) {
    return load(OrderIds.parse(orderId), customerId);
  }

  /**
   * @param next pass it as {@code after} to get what follows; null at the end
   */
  record Page(List<OrderSummary> orders, @Nullable UUID next) {}

  /** A customer's orders, newest first: placed from {@code from} on and before {@code to}. */
  @GetMapping("/orders")
  Page list(
      @RequestParam(required = false) @Nullable UUID customerId,
      @RequestParam(required = false) @Nullable OrderState state,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to,
      @RequestParam(required = false) @Nullable UUID after,
      @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
    if (customerId == null) {
      throw Problem.invalid("customerId", Rule.GIVEN);
    }
    refuseUnlessMoment("from", from);
    refuseUnlessMoment("to", to);
    var found = orders.list(new OrderStore.Filter(customerId, state, from, to, after, limit));
    return new Page(found, found.size() < limit ? null : found.getLast().orderId());
  }

  /** The database has no other times. */
  private static void refuseUnlessMoment(String name, @Nullable Instant time) {
    if (time != null && (time.isBefore(EARLIEST) || time.isAfter(LATEST))) {
      throw Problem.invalid(name, Rule.MOMENT);
    }
  }

  /**
   * Asks for cancellation: 200 once cancelled, 202 while it is open whether it comes in time, which
   * the order itself tells then, and 409 when it is too late and only a refund can be asked for.
   */
  @PostMapping("/orders/{orderId}/cancel")
  ResponseEntity<Order> cancel(
      @PathVariable String orderId,
      @RequestParam(required = false) @Nullable UUID customerId,
      @RequestHeader(name = "Prefer", required = false) @Nullable List<String> prefer) {
    var id = OrderIds.parse(orderId);
    var wait = Preference.wait(prefer == null ? List.of() : prefer, longestWait);
    try (var waiting = PreferredWait.begin(wait, watch, id)) {
      cancellations.request(List.of(id), customerId);
      var order = await(load(id, customerId), waiting);
      cancellations.countIfTooLate(order.state());
      return switch (order.state()) {
        case PENDING -> waiting.applied(ResponseEntity.accepted()).body(order);
        case CANCELLED -> waiting.applied(ResponseEntity.ok()).body(order);
        case CONFIRMED -> throw OrderProblem.tooLate(id);
        case REJECTED -> throw Problem.of(Code.ALREADY_REJECTED);
      };
    }
  }

  private Order load(UUID orderId, @Nullable UUID customerId) {
    var order =
        customerId == null
            ? repository.findByOrderId(orderId)
            : repository.findByOrderIdAndCustomerId(orderId, customerId);
    return order.orElseThrow(OrderProblem::unknownOrder);
  }

  /** The order once it has ended, or as it stands when the time is over. */
  private Order await(Order order, PreferredWait waiting) {
    var newest = order;
    while (!newest.state().ended()) {
      var progress = waiting.next(newest.version());
      if (progress == null) {
        break;
      }
      newest = newest.with(progress);
    }
    // Who reviewed it is no part of its progress.
    return newest.version() == order.version() || newest.approval() == null
        ? newest
        : load(order.orderId(), null);
  }
}
