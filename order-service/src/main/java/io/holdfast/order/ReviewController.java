package io.holdfast.order;

import io.holdfast.contracts.Code;
import io.holdfast.order.OrderStore.Review;
import io.holdfast.web.Problem;
import io.holdfast.web.Rule;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * What reviewers do over HTTP. The first decision stays; the same reviewer saying the same again
 * gets the same answer.
 */
@RestController
class ReviewController {

  private static final String NAME = "[\\p{L}\\p{N}][\\p{L}\\p{N} ._@-]{0,99}";

  private final ReviewDesk desk;
  private final OrderStore orders;
  private final OrderRepository repository;

  ReviewController(ReviewDesk desk, OrderStore orders, OrderRepository repository) {
    this.desk = desk;
    this.orders = orders;
    this.repository = repository;
  }

  /**
   * @param reviewer who decides
   */
  record Approve(@NotNull @Pattern(regexp = NAME, message = Rule.PERSON) String reviewer) {}

  /**
   * @param reviewer who decides
   * @param reason as the customer is told it
   */
  record Reject(
      @NotNull @Pattern(regexp = NAME, message = Rule.PERSON) String reviewer,
      @NotBlank @Size(max = 500) @Pattern(regexp = Texts.PLAIN, message = Rule.PLAIN_TEXT)
          String reason) {}

  @PostMapping("/orders/{orderId}/approve")
  Order approve(@PathVariable String orderId, @Valid @RequestBody Approve request) {
    return decide(new Review(OrderIds.parse(orderId), Approval.APPROVED, request.reviewer(), null));
  }

  @PostMapping("/orders/{orderId}/reject")
  Order reject(@PathVariable String orderId, @Valid @RequestBody Reject request) {
    return decide(
        new Review(
            OrderIds.parse(orderId), Approval.REJECTED, request.reviewer(), request.reason()));
  }

  private Order decide(Review review) {
    boolean decided = desk.decide(review);
    var order = repository.findByOrderId(review.orderId()).orElseThrow(OrderProblem::unknownOrder);
    if (decided || saysTheSame(order, review)) {
      return order;
    }
    throw switch (order.approval()) {
      case null -> Problem.of(Code.NO_APPROVAL_NEEDED);
      case APPROVED, REJECTED ->
          Problem.of(Code.ALREADY_DECIDED, "%s: %s".formatted(order.reviewer(), order.approval()));
      case AWAITING, LAPSED -> Problem.of(Code.ALREADY_ENDED, order.state());
    };
  }

  private static boolean saysTheSame(Order order, Review review) {
    return order.approval() == review.approval()
        && review.reviewer().equals(order.reviewer())
        && Objects.equals(review.reason(), order.reviewReason());
  }

  /**
   * @param next pass it as {@code after} to get what follows; null at the end
   */
  record Page(List<AwaitingOrder> orders, @Nullable UUID next) {}

  /** Orders that await approval, oldest first. */
  @GetMapping("/approvals")
  Page awaiting(
      @RequestParam(required = false) @Nullable UUID after,
      @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
    var found = orders.listAwaiting(after, limit);
    return new Page(found, found.size() < limit ? null : found.getLast().orderId());
  }
}
